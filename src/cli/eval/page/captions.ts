import type { EvaluationReport } from '../../../evaluation/index.js';
import { card } from './card.js';
import type { ReportPageData } from './data.js';
import { element, section } from './dom.js';

const PAGE = 25;

export function examples(data: ReportPageData): HTMLElement {
  const hasAttention = Object.keys(data.attention).length > 0;
  return section(
    'examples',
    'Examples',
    hasAttention
      ? element(
          'p',
          {},
          'Attention maps show what a model looked at for each word: the brighter a part of the image, the more. Each map is scaled to its ' +
            'own maximum.',
        )
      : null,
    ...data.examples.flatMap(({ title, note, images, system }) => [
      element('h3', {}, title),
      element('p', { class: 'soft' }, note),
      ...images.map((i) => card(data, i, system)),
    ]),
  );
}

/** All captions of all images, a page at a time, those that hold a text. */
export function allCaptions(data: ReportPageData): HTMLElement {
  const { report } = data;
  const list = element('div');
  const count = element('span', { class: 'soft', 'aria-live': 'polite' });
  const search = element('input', { type: 'search', placeholder: 'word or image name', 'aria-label': 'search' });
  const order = element(
    'select',
    { 'aria-label': 'order' },
    element('option', { value: 'given' }, "in the references' order"),
    ...report.systems.flatMap(({ name }, i) => [
      element('option', { value: `worst ${i}` }, `worst of ${name} first`),
      element('option', { value: `best ${i}` }, `best of ${name} first`),
    ]),
  );
  const texts = report.images.map(({ image, references, captions }) =>
    [image, ...captions, ...references].join('\n').toLowerCase(),
  );
  let page = 0;
  const move = (by: number) => (): void => {
    page += by;
    show();
  };
  const before = element('button', { type: 'button', onclick: move(-1) }, '← previous');
  const next = element('button', { type: 'button', onclick: move(1) }, 'next →');
  const show = (): void => {
    const wanted = search.value.trim().toLowerCase();
    const found = sorted(report, order.value).filter((i) => texts[i]!.includes(wanted));
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    page = Math.min(Math.max(page, 0), pages - 1);
    count.textContent = `${found.length} of ${report.images.length} images, page ${page + 1} of ${pages}`;
    before.disabled = page === 0;
    next.disabled = page === pages - 1;
    list.replaceChildren(...found.slice(page * PAGE, (page + 1) * PAGE).map((i) => card(data, i)));
  };
  for (const control of [search, order]) {
    control.addEventListener('input', () => {
      page = 0;
      show();
    });
  }
  show();
  const made = section(
    'captions',
    'All captions',
    element('div', { class: 'controls' }, search, order, count),
    list,
    element('div', { class: 'controls' }, before, next),
  );
  made.classList.add('screen-only');
  return made;
}

function sorted(report: EvaluationReport, order: string): number[] {
  const places = report.images.map((_, i) => i);
  const [, kind, system] = /^(worst|best) (\d+)$/.exec(order) ?? [];
  if (kind === undefined) return places;
  const score = (i: number): number => report.images[i]!.scores[Number(system)]!.ciderD;
  return places.sort((a, b) => (kind === 'worst' ? score(a) - score(b) : score(b) - score(a)));
}
