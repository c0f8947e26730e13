import type { Comparison, EvaluationReport, MetricName } from '../../../evaluation/index.js';
import { COUNTED } from '../warning-counts.js';
import { type Child, element, fixed, percent, section, signed, table } from './dom.js';
import type { EvalReport } from '../measure-bias.js';
import { forWhom, otherMetrics } from './findings.js';
import { imageTextTable, systemsTable } from './systems.js';

export const METRIC_LABELS: Readonly<Record<MetricName, string>> = {
  bleu1: 'BLEU-1',
  bleu2: 'BLEU-2',
  bleu3: 'BLEU-3',
  bleu4: 'BLEU-4',
  rougeL: 'ROUGE-L',
  meteorLight: 'METEOR (light)',
  ciderD: 'CIDEr-D',
  cider: 'CIDEr',
};
const METRICS = Object.keys(METRIC_LABELS) as MetricName[];

export function header({
  title,
  split,
  chosenOn,
  imageCount,
  referencesPerImage,
  bootstrap,
  systems,
}: EvaluationReport): HTMLElement {
  const { min, max } = referencesPerImage;
  const references =
    min === max ? `${min} reference caption${max === 1 ? '' : 's'}` : `${min} to ${max} reference captions`;
  const level = Math.round(100 * bootstrap.level);
  return element(
    'header',
    {},
    element('h1', {}, title ?? 'Evaluation of captions'),
    element(
      'p',
      { class: 'soft' },
      `${split === null ? 'Split not stated' : `Split: ${split}`} · ${imageCount} image${imageCount === 1 ? '' : 's'}, ${references} each · ` +
        `${systems.length} system${systems.length === 1 ? '' : 's'}`,
    ),
    element(
      'p',
      {},
      chosenOn === null
        ? 'It is not stated whether a model or setting was chosen on these images. If one was, the figures are too high.'
        : `Chosen on these images: ${chosenOn}. Expect lower figures on other images.`,
    ),
    element(
      'p',
      { class: 'soft' },
      `Ranges are ${level} % bootstrap intervals (${bootstrap.samples} samples of the images). All captions are tokenized by ` +
        "captioneer's tokenizer. CIDEr and CIDEr-D range from 0 to 10, all other metrics from 0 to 1; higher is better.",
    ),
  );
}

export function warnings({ warnings: found }: EvaluationReport): HTMLElement | null {
  if (found.length === 0) return null;
  const lines = found.map(({ code, message, count, examples }) =>
    element(
      'li',
      {},
      COUNTED.has(code) ? `${message}: ${count}` : message,
      examples.length > 0 ? element('small', { class: 'soft' }, ` (${examples.join('; ')})`) : null,
    ),
  );
  return element('div', { class: 'warnings' }, element('strong', {}, 'Warnings'), element('ul', {}, ...lines));
}

export function summary(report: EvalReport): HTMLElement {
  const best = new Map(
    METRICS.map((metric) => [metric, Math.max(...report.systems.map(({ scores }) => scores[metric].estimate))]),
  );
  const rows = report.systems.map(({ name, scores }) => [
    name,
    ...METRICS.map((metric) => {
      const { estimate, low, high } = scores[metric];
      const isBest = report.systems.length > 1 && estimate === best.get(metric);
      return element(
        'span',
        {},
        isBest ? element('strong', {}, fixed(estimate)) : fixed(estimate),
        element('span', { class: 'interval' }, `${fixed(low)} – ${fixed(high)}`),
      );
    }),
  ]);
  return section(
    'summary',
    'Summary',
    ...verdicts(report),
    ...forWhom(report),
    table(
      ['system', ...METRICS.map((metric) => METRIC_LABELS[metric])],
      rows,
      'The best figure of each column is bold.',
    ),
    imageTextTable(report),
    systemsTable(report),
  );
}

/** What the comparisons by CIDEr-D say of systems that follow each other in the order, in sentences. */
function verdicts({ systems, comparisons }: EvalReport): Child[] {
  if (comparisons.length === 0) return [];
  const order = [...systems].sort((a, b) => b.scores.ciderD.estimate - a.scores.ciderD.estimate);
  const lines = order.slice(1).map(({ name }, i) => {
    const before = order[i]!.name;
    const found = comparisons.find(({ a, b }) => [a, b].includes(name) && [a, b].includes(before))!;
    return element('li', {}, verdict(found, before, name));
  });
  return [
    element('p', {}, `By CIDEr-D, best first: ${order.map(({ name }) => name).join(', ')}.`),
    element('ul', {}, ...lines),
    otherMetrics({ systems, comparisons }, METRIC_LABELS),
    systems.length > 2
      ? element(
          'p',
          { class: 'soft' },
          `${comparisons.length} pairs are compared below. Of pairs without a true difference, about one in twenty shows one by chance.`,
        )
      : null,
  ];
}

function verdict({ a, differences: { ciderD } }: Comparison, before: string, name: string): string {
  const sign = a === before ? 1 : -1;
  const [low, high] = [sign * ciderD.low, sign * ciderD.high].sort((x, y) => x - y) as [number, number];
  const range = `${signed(sign * ciderD.estimate)}; interval ${signed(low)} to ${signed(high)}`;
  if (low > 0) return `${before} is better than ${name} (${range}).`;
  return `No difference between ${before} and ${name} is shown (${range}).`;
}

export function words({ systems }: EvaluationReport): HTMLElement {
  const hasTraining = systems.some(({ vocabulary }) => vocabulary.seenInTraining !== null);
  const rows = systems.map(({ name, vocabulary: v }) => [
    name,
    fixed(v.length.mean, 1),
    `${v.length.min} – ${v.length.max}`,
    v.vocabulary,
    percent(v.distinctCaptions / v.captions),
    ...v.distinct.slice(0, 2).map((share) => (share === null ? '–' : fixed(share))),
    ...(hasTraining ? [v.seenInTraining === null ? '–' : percent(v.seenInTraining)] : []),
  ]);
  const head = ['system', 'mean length', 'lengths', 'distinct words', 'distinct captions', 'distinct-1', 'distinct-2'];
  return table(
    hasTraining ? [...head, 'seen in training'] : head,
    rows,
    'Vocabulary. Few distinct words and captions: the system describes many images in the same way. Distinct-1 and -2: distinct words, and ' +
      `pairs of words, of all of them.${hasTraining ? '' : ' --training tells how many captions are among those of the training data.'}`,
  );
}

export function judgements({ judgements: found }: EvaluationReport): HTMLElement | null {
  if (found === null) return null;
  const share = (value: { count: number; rate: number; low: number; high: number } | undefined | null): Child =>
    value
      ? element(
          'span',
          {},
          `${percent(value.rate)} (${value.count})`,
          element('span', { class: 'interval' }, `${percent(value.low)} – ${percent(value.high)}`),
        )
      : '–';
  const rows = found.systems.map(({ name, judged, verdicts: v, preferred }) => [
    name,
    judged,
    share(v?.true),
    share(v?.slip),
    share(v?.wrong),
    share(preferred),
  ]);
  return section(
    'judgements',
    'Human judgements',
    element(
      'p',
      {},
      `${found.judgements} images were judged, without the names of the systems. "Slip": the main thing is right, with a mistake. ` +
        `In ${found.ties}, no caption was preferred.`,
    ),
    table(['system', 'judged', 'true', 'slip', 'wrong', 'preferred'], rows),
  );
}
