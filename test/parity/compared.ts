import type { Hypothesis, SearchOptions } from '../../src/search/index.js';
import type { Found } from '../search/vision-encoder-decoder.js';

/** One search here, compared with the same search by a reference implementation. */
export interface Compared {
  readonly options: Partial<SearchOptions>;
  /** Whether all captions have the same ids, and the same of them ended. */
  readonly isSame: boolean;
  /** The largest difference of scores; 0 where the reference tells none. */
  readonly difference: number;
}

/** Holds the captions found here against those found there. */
export function compare(
  options: Partial<SearchOptions>,
  found: readonly Hypothesis[],
  expected: readonly Found[],
): Compared {
  const essence = (captions: readonly Found[]): string =>
    JSON.stringify(captions.map(({ tokenIds, isFinished }) => [tokenIds, isFinished]));
  const differences = expected.map(({ score }, at) =>
    score === undefined ? 0 : Math.abs((found[at]?.score ?? Infinity) - score),
  );
  return { options, isSame: essence(found) === essence(expected), difference: Math.max(0, ...differences) };
}

/** "same/all", and how many there are, of the cases that a control is used in. */
export function tally(cases: readonly Compared[]): string {
  return cases.length === 0 ? '–' : `${cases.filter(({ isSame }) => isSame).length}/${cases.length}`;
}

/** That all differences lie within a tolerance, written `1e-4`, which is so on every machine; else the largest. */
export function bound(differences: readonly number[], tolerance: string): string {
  const largest = Math.max(...differences);
  return largest <= Number(tolerance) ? `≤ ${tolerance}` : largest.toExponential(1);
}
