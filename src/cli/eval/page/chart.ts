import { adoptStyle } from './adopt-style.js';
import { element } from './dom.js';

/** Colours that read on white and on black, and without red against green. */
export const COLOURS = ['#4c86d8', '#e0812c', '#2fa37c', '#b86bc9', '#c9a227', '#d65f5f', '#6f8f9f', '#8a6d3b'];

/** A chart that is drawn again when its width changes. */
export function chart(draw: (width: number) => Element, caption: string): HTMLElement {
  const place = element('div');
  const figure = element('figure', {}, place, element('figcaption', {}, caption));
  let drawn = 0;
  new ResizeObserver(([entry]) => {
    const width = Math.min(900, Math.max(280, Math.floor(entry?.contentRect.width ?? 640)));
    if (width === drawn) return;
    drawn = width;
    const drawing = draw(width);
    for (const style of drawing.querySelectorAll('style')) {
      adoptStyle(style.textContent);
      style.remove();
    }
    // Plot names groups after what they draw, such as "dot": no role of theirs allows it, and the caption says more.
    for (const group of drawing.querySelectorAll('g[aria-label]')) group.removeAttribute('aria-label');
    place.replaceChildren(drawing);
  }).observe(figure);
  return figure;
}

/** Room for names on the left. */
export function marginFor(names: readonly string[], width: number): number {
  const longest = Math.max(...names.map((name) => name.length));
  return Math.min(Math.round(width * 0.5), 24 + 7 * longest);
}

/** What all charts have in common. */
export function plotBase(width: number): { width: number; style: { background: string; fontSize: string } } {
  return { width, style: { background: 'transparent', fontSize: '13px' } };
}
