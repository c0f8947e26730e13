import type { AttendedCaption, AttentionGrid } from './data.js';
import { element } from './dom.js';
import { seenWindow } from './seen-window.js';

/** How dark a part is that a model did not look at, 0 … 1. */
const DARKEST = 0.8;

/** The attention of each word over the image: opened by the reader, and drawn then. */
export function attentionMaps(
  source: string,
  grid: AttentionGrid,
  { words }: AttendedCaption,
  isOpen: boolean,
): HTMLElement {
  const strip = element('div', { class: 'maps' });
  const details = element(
    'details',
    { class: 'attention', open: isOpen },
    element('summary', {}, 'attention, word by word'),
    strip,
  );
  const draw = (): void => {
    if (details.open && strip.childElementCount === 0) {
      strip.append(...words.map(([word, weights]) => wordMap(source, grid, word, weights)));
    }
  };
  details.addEventListener('toggle', draw);
  draw();
  return details;
}

function wordMap(source: string, grid: AttentionGrid, word: string, weights: string): HTMLElement {
  const image = element('img', { src: sharedUrl(source), alt: '' });
  const shade = element('img', { src: shadeUrl(grid, weights), alt: '', class: 'shade' });
  const place = (): void => {
    const { left, top, width, height } = seenWindow(grid.seen, image.naturalWidth, image.naturalHeight);
    const inPercent = (share: number): string => `${100 * share}%`;
    Object.assign(shade.style, {
      left: inPercent(left),
      top: inPercent(top),
      width: inPercent(width),
      height: inPercent(height),
    });
  };
  if (image.complete) place();
  else image.addEventListener('load', place);
  return element('figure', {}, element('div', {}, image, shade), element('figcaption', {}, word));
}

/** An image of one pixel for each region, the darker, the less a model looked there. Its style stretches and smooths it. */
function shadeUrl({ rows, columns }: AttentionGrid, weights: string): string {
  const bytes = fromBase64(weights);
  const canvas = element('canvas', { width: columns, height: rows });
  const context = canvas.getContext('2d');
  if (context === null) return '';
  const pixels = context.createImageData(columns, rows);
  for (let region = 0; region < rows * columns; region++) {
    pixels.data[4 * region + 3] = Math.round(255 * DARKEST * (1 - (bytes[region] ?? 0) / 255)); // black, more or less opaque
  }
  context.putImageData(pixels, 0, 0);
  return canvas.toDataURL();
}

const urls = new Map<string, string>();

/** A short URL of a data URL, the same for all copies of an image. */
function sharedUrl(source: string): string {
  const known = urls.get(source);
  if (known !== undefined) return known;
  const [head = '', data = ''] = source.split(',');
  const type = /^data:([^;]+)/.exec(head)?.[1] ?? '';
  const url = URL.createObjectURL(new Blob([fromBase64(data)], { type }));
  urls.set(source, url);
  return url;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
