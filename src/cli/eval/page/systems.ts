import type { EvaluationReport, RetrievalReport } from '../../../evaluation/index.js';
import { estimate, withInterval } from './bias/cells.js';
import { type Child, percent, table } from './dom.js';

/** What is known of the systems besides their scores. */
export function systemsTable({ systems }: EvaluationReport): HTMLElement | null {
  const names = [...new Set(systems.flatMap(({ info }) => Object.keys(info)))];
  if (names.length === 0) return null;
  return table(
    ['system', ...names],
    systems.map(({ name, info }) => [name, ...names.map((key) => String(info[key] ?? '–'))]),
    'The systems.',
  );
}

/** CLIPScore and retrieval, if there are vectors of an image-text model. */
export function imageTextTable({ systems, imageTextModel }: EvaluationReport): HTMLElement | null {
  const scored = systems.flatMap(({ name, imageText }) => (imageText === null ? [] : [{ name, imageText }]));
  const [first] = scored;
  if (first === undefined) return null;
  const ranks = first.imageText.imagesByCaption.recall.map(({ k }) => k);
  return table(
    [
      'system',
      'CLIPScore',
      'RefCLIPScore',
      ...ranks.map((k) => `caption → image R@${k}`),
      ...ranks.map((k) => `image → caption R@${k}`),
    ],
    scored.map(({ name, imageText: { clipScore, refClipScore, imagesByCaption, captionsByImage } }) => [
      name,
      estimate(clipScore),
      estimate(refClipScore),
      ...recalls(imagesByCaption),
      ...recalls(captionsByImage),
    ]),
    `Image-text similarity, by the model ${imageTextModel ?? 'not stated'}. R@k: how often the right image (or caption) is among the first k of ` +
      'all in this evaluation. Image-text models are biased themselves: do not use these figures to measure bias.',
  );
}

function recalls({ recall }: RetrievalReport): Child[] {
  return recall.map(({ rate, low, high, count, total }) =>
    withInterval(percent(rate), `${percent(low)} – ${percent(high)}; ${count} of ${total}`),
  );
}
