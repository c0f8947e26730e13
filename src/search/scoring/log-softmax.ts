import { expOfNegative } from './exp-of-negative.js';
import { BLOCK, maximum } from './maximum.js';

/** What a decoder may tell of one row of logits: the row of a `LogitsSummary`. */
export interface RowSummary {
  readonly logSumExp: number;
  readonly entropy: number;
}

/**
 * Turns a row of logits into natural log-probabilities in place: `logits − log(sum(exp(logits)))`.
 *
 * The largest logit is taken out before the exponentials, so none overflows and nothing cancels, and the sum is in double
 * precision; its relative error is far below that of single precision. −Infinity is a logit like others (probability 0).
 *
 * @param logits `[vocabularySize]`
 * @param known what a decoder tells of them; it spares the exponentials, where its numbers are finite
 * @returns the entropy of the distribution in nats; undefined, the row left as it was, where it makes no distribution: NaN
 *   or +Infinity among the logits, or nothing but −Infinity
 */
export function logSoftmax(logits: Float32Array, known?: RowSummary): number | undefined {
  if (known && Number.isFinite(known.logSumExp) && Number.isFinite(known.entropy)) {
    for (let from = 0; from < logits.length; from += BLOCK) subtract(logits, from, known.logSumExp, 0);
    return known.entropy;
  }
  const max = maximum(logits);
  const sums: Sums = { weights: 0, moments: 0 };
  for (let from = 0; from < logits.length; from += BLOCK) addWeights(sums, logits, from, max);
  if (!(sums.weights > 0)) return undefined;
  const logSum = Math.log(sums.weights);
  for (let from = 0; from < logits.length; from += BLOCK) subtract(logits, from, max, logSum);
  return logSum - sums.moments / sums.weights;
}

/** Over logits less the largest of them, x: the sums of exp(x) and of x·exp(x). */
interface Sums {
  weights: number;
  moments: number;
}

function addWeights(sums: Sums, logits: Float32Array, from: number, max: number): void {
  const to = Math.min(from + BLOCK, logits.length);
  let weights = 0;
  let moments = 0;
  for (let i = from; i < to; i++) {
    const below = (logits[i] as number) - max;
    const weight = expOfNegative(below);
    if (weight === 0) continue;
    weights += weight;
    moments += below * weight;
  }
  sums.weights += weights;
  sums.moments += moments;
}

function subtract(logits: Float32Array, from: number, max: number, logSum: number): void {
  const to = Math.min(from + BLOCK, logits.length);
  for (let i = from; i < to; i++) logits[i] = (logits[i] as number) - max - logSum;
}
