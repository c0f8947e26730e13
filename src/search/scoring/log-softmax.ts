import { expOfNegative } from './exp-of-negative.js';

/**
 * Logits that one call of a loop takes. V8 compiles a function that is called often for good; one that is called seldom and
 * runs long it compiles in mid-run, which at times came out two and a half times slower and stayed so.
 */
const BLOCK = 1024;

/**
 * Turns a row of logits into natural log-probabilities in place: `logits − log(sum(exp(logits)))`.
 *
 * The largest logit is taken out before the exponentials, so none overflows and nothing cancels, and the sum is in double
 * precision; its relative error is far below that of single precision. −Infinity is a logit like others (probability 0).
 *
 * @param logits `[vocabularySize]`
 * @returns the entropy of the distribution in nats; undefined, the row left as it was, where it makes no distribution: NaN
 *   or +Infinity among the logits, or nothing but −Infinity
 */
export function logSoftmax(logits: Float32Array): number | undefined {
  let max = -Infinity;
  for (let from = 0; from < logits.length; from += BLOCK) max = maximum(logits, from, max);
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

function maximum(logits: Float32Array, from: number, before: number): number {
  const to = Math.min(from + BLOCK, logits.length);
  let max = before;
  for (let i = from; i < to; i++) {
    if ((logits[i] as number) > max) max = logits[i] as number;
  }
  return max;
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
