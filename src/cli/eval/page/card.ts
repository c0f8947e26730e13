import type { ImageReport } from '../../../evaluation/index.js';
import { attentionMaps } from './attention.js';
import type { ReportPageData } from './data.js';
import { type Child, element, fixed } from './dom.js';

/**
 * One image, with the captions of all systems and the references.
 *
 * @param place of the image in the report
 * @param about place of the system whose attention is open at once; undefined opens none
 */
export function card(data: ReportPageData, place: number, about?: number): HTMLElement {
  const image = data.report.images[place]!;
  const source = data.thumbnails[image.image];
  return element(
    'article',
    { class: 'card' },
    element(
      'div',
      {},
      source === undefined ? null : element('img', { src: source, alt: image.references[0] ?? image.image }),
      element('small', { class: 'soft name' }, image.image),
    ),
    element(
      'div',
      {},
      element('ul', { class: 'said' }, ...data.report.systems.map((_, i) => said(data, image, i, i === about))),
      element('small', { class: 'soft' }, 'references'),
      element('ul', {}, ...image.references.map((reference) => element('li', {}, element('small', {}, reference)))),
    ),
  );
}

function said(
  { report, attention, thumbnails }: ReportPageData,
  image: ImageReport,
  i: number,
  isOpen: boolean,
): Child {
  const { name } = report.systems[i]!;
  const { ciderD, bleu4 } = image.scores[i]!;
  const source = thumbnails[image.image];
  const found = attention[name];
  const attended = found?.captions[image.image];
  return element(
    'li',
    {},
    image.captions[i] === '' ? element('em', { class: 'soft' }, 'empty caption') : image.captions[i],
    element('span', { class: 'interval' }, `${name} · CIDEr-D ${fixed(ciderD, 2)} · BLEU-4 ${fixed(bleu4, 2)}`),
    found && attended && source !== undefined ? attentionMaps(source, found.grid, attended, isOpen) : null,
  );
}
