import type { BiasComparison } from '../../../../bias/index.js';
import type { PairedEstimate } from '../../../../metrics/index.js';
import type { EvalReport } from '../../measure-bias.js';
import { type Child, element, signed, table } from '../dom.js';

const LABELS: Readonly<Record<keyof BiasComparison, string>> = {
  errorOfNamed: 'wrong, of named',
  errorOfLabelled: 'wrong, of labelled',
  coverage: 'coverage',
  ratio: 'ratio',
  outcomeDivergence: 'divergence',
  captionQuality: 'CIDEr-D, neutralised',
  quality: 'Q',
  fidelity: 'G',
  joint: 'J',
};
const NAMES = Object.keys(LABELS) as (keyof BiasComparison)[];

/** Pairs of systems, compared by each figure. */
export function biasDifferences({ comparisons, bootstrap }: EvalReport): HTMLElement | null {
  const compared = comparisons.flatMap(({ a, b, bias }) => (bias === null ? [] : [{ pair: `${a} − ${b}`, bias }]));
  if (compared.length === 0) return null;
  return table(
    ['difference', ...NAMES.map((name) => LABELS[name])],
    compared.map(({ pair, bias }) => [pair, ...NAMES.map((name) => difference(bias[name]))]),
    `Systems compared on the same images, by a paired bootstrap within each label (${bootstrap.samples} samples). Bold: the interval does ` +
      'not reach 0. For errors and divergence lower is better, for the others higher; the ratio should be that of the labels.',
  );
}

function difference(value: PairedEstimate | null): Child {
  if (value === null) return element('span', { class: 'soft' }, 'too few');
  const { estimate, low, high } = value;
  return element(
    'span',
    {},
    low > 0 || high < 0 ? element('strong', {}, signed(estimate)) : signed(estimate),
    element('span', { class: 'interval' }, `${signed(low)} to ${signed(high)}`),
  );
}
