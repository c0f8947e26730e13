import type { Rate } from '../../../bias/index.js';
import type { Comparison, MetricName } from '../../../evaluation/index.js';
import type { EvalReport, SystemBias } from '../measure-bias.js';
import { type Child, element, percent } from './dom.js';

/** A sentence about the metrics beside CIDEr-D: whether the best system by CIDEr-D is the best by each of them. */
export function otherMetrics(
  { systems, comparisons }: Pick<EvalReport, 'systems' | 'comparisons'>,
  labels: Readonly<Record<MetricName, string>>,
): HTMLElement | null {
  const [best, second] = [...systems].sort((a, b) => b.scores.ciderD.estimate - a.scores.ciderD.estimate);
  const pair =
    best && second && comparisons.find(({ a, b }) => [a, b].includes(best.name) && [a, b].includes(second.name));
  if (!pair) return null;
  const others = (Object.keys(labels) as MetricName[]).filter((metric) => metric !== 'ciderD');
  const by = (wanted: Outcome): string[] =>
    others.filter((metric) => outcome(pair, best.name, metric) === wanted).map((metric) => labels[metric]);
  const [better, worse, open] = [by('better'), by('worse'), by('open')];
  const parts = [
    better.length > 0 ? `is better by ${listed(better)}, too` : null,
    worse.length > 0 ? `is worse by ${listed(worse)}` : null,
    open.length > 0 ? `shows no difference by ${listed(open)}` : null,
  ].filter((part) => part !== null);
  return element('p', {}, `Against ${second.name}, ${best.name} ${listed(parts)}.`);
}

type Outcome = 'better' | 'worse' | 'open';

function outcome({ a, differences }: Comparison, best: string, metric: MetricName): Outcome {
  const { low, high } = differences[metric];
  if (low <= 0 && high >= 0) return 'open';
  return low > 0 === (a === best) ? 'better' : 'worse';
}

/** For whom each system fails, in sentences: how often captions of each group's images name another group. */
export function forWhom({ systems }: EvalReport): Child[] {
  const measured = systems.flatMap(({ name, bias }) =>
    bias !== null && bias.images.labelled > 0 ? [element('li', {}, `${name}: ${sentence(bias)}`)] : [],
  );
  if (measured.length === 0) return [];
  return [
    element('p', {}, 'For whom it fails: how often a caption that names a gender names the wrong one.'),
    element('ul', {}, ...measured),
    element(
      'p',
      { class: 'soft' },
      element('a', { href: '#gender' }, 'Gender in captions'),
      ' has all figures, and what a label is.',
    ),
  ];
}

function sentence({ groups }: Pick<SystemBias, 'groups'>): string {
  const errors = Object.entries(groups).map(([group, { errorOfNamed }]) => ({ group, error: errorOfNamed }));
  const figures = errors.map(({ group, error }) => `${share(error)} for ${group} images`).join(', ');
  const [one, other] = errors;
  if (one === undefined || other === undefined || errors.length > 2) return `${figures}.`;
  const gap = newcombe(one.error, other.error);
  if (gap === null) return `${figures}.`;
  if (gap.low > 0) return `${figures}: more often for ${one.group} images.`;
  if (gap.high < 0) return `${figures}: more often for ${other.group} images.`;
  return `${figures}; no difference between the groups is shown.`;
}

function share({ value, count, total }: Rate): string {
  const counts = `${count} of ${total}`;
  return value === null ? `${counts} (too few for a rate)` : `${percent(value)} (${counts})`;
}

/** Interval of the difference of two independent rates, from their Wilson intervals (Newcombe 1998, method 10). */
function newcombe(a: Rate, b: Rate): { readonly low: number; readonly high: number } | null {
  if (a.value === null || b.value === null || a.interval === null || b.interval === null) return null;
  const difference = a.value - b.value;
  return {
    low: difference - Math.hypot(a.value - a.interval.low, b.interval.high - b.value),
    high: difference + Math.hypot(a.interval.high - a.value, b.value - b.interval.low),
  };
}

/** `a`, `a and b`, `a, b and c`. */
function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`;
}
