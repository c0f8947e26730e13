import { aligned } from '../console/aligned.js';
import { count } from '../console/count.js';
import type { EvaluationReport, MetricName } from '../../evaluation/index.js';

/** Metrics of the printed table; the report has all. */
const COLUMNS: readonly (readonly [metric: MetricName, heading: string])[] = [
  ['bleu1', 'BLEU-1'],
  ['bleu4', 'BLEU-4'],
  ['rougeL', 'ROUGE-L'],
  ['meteorLight', 'METEOR-light'],
  ['ciderD', 'CIDEr-D'],
];

/** A report for a terminal: a row for each system, a line for each pair, and where the files are. */
export function reportText(report: EvaluationReport, paths: readonly string[]): string {
  return [
    heading(report),
    '',
    ...table(report),
    ...comparisons(report),
    '',
    ...paths.map((path) => `written: ${path}`),
    '',
  ].join('\n');
}

function heading({ title, split, chosenOn, imageCount, referencesPerImage, bootstrap }: EvaluationReport): string {
  const name = [title, split].filter((part) => part !== null).join(', ');
  const { min, max } = referencesPerImage;
  const references = `${min === max ? '' : `${min} to `}${count(max, 'reference')} each`;
  const chosen = chosenOn === null ? '' : `\nChosen on these images: ${chosenOn}`;
  const level = `${Math.round(100 * bootstrap.level)} %`;
  return `${name === '' ? '' : `${name}: `}${count(imageCount, 'image')}, ${references}; [low, high] at ${level}${chosen}`;
}

function table({ systems }: EvaluationReport): string[] {
  const hasClip = systems.some(({ imageText }) => imageText !== null);
  const rows = systems.map(({ name, scores, vocabulary, imageText }) => [
    name,
    ...COLUMNS.map(([metric]) => {
      const { estimate, low, high } = scores[metric];
      return metric === 'ciderD' ? `${fixed(estimate)} [${fixed(low)}, ${fixed(high)}]` : fixed(estimate);
    }),
    ...(hasClip ? [imageText === null ? '–' : fixed(imageText.clipScore.estimate)] : []),
    String(vocabulary.vocabulary),
    vocabulary.length.mean.toFixed(1),
  ]);
  const headings = [...COLUMNS.map(([, label]) => label), ...(hasClip ? ['CLIPScore'] : []), 'words', 'length'];
  return aligned([['', ...headings], ...rows]);
}

function comparisons(report: EvaluationReport): string[] {
  if (report.comparisons.length === 0) return [];
  const lines = report.comparisons.map(({ a, b, differences: { ciderD } }) => {
    const { estimate, low, high } = ciderD;
    const verdict = low > 0 ? `${a} is better` : high < 0 ? `${b} is better` : 'no difference shown';
    return [`${a} − ${b}`, signed(estimate), `[${signed(low)}, ${signed(high)}]`, verdict];
  });
  return ['', 'Differences of CIDEr-D on the same images:', ...aligned(lines)];
}

const fixed = (value: number): string => value.toFixed(3);
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
