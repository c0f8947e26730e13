import { expOfNegative } from './exp-of-negative.js';
import { BLOCK, maximum, numBlocks } from './maximum.js';

/** What a decoder may report about one row of logits: the row of a `LogitsSummary`. */
export interface RowSummary {
  readonly logSumExp: number;
  readonly entropy: number;
}

/** What a row of logits has become. */
export interface LogSoftmax {
  /** Of the distribution, in nats. */
  readonly entropy: number;
  /** The largest log-probability of each block of `BLOCK`: `[numBlocks(vocabularySize)]`. */
  readonly maxima: Float32Array;
}

/**
 * Turns a row of logits into natural log-probabilities in place: `logits − log(sum(exp(logits)))`.
 *
 * The largest logit is taken out before the exponentials, so none overflows and nothing cancels, and the sum is in double
 * precision; its relative error is far below that of single precision. −Infinity is a logit like others (probability 0).
 *
 * @param logits `[vocabularySize]`
 * @param known what a decoder reports about them; it spares the exponentials, if its numbers are finite
 * @returns undefined, the row left as it was, if it makes no distribution: NaN or +Infinity among the logits, or nothing
 *   but −Infinity
 */
export function logSoftmax(logits: Float32Array, known?: RowSummary): LogSoftmax | undefined {
  if (known && Number.isFinite(known.logSumExp) && Number.isFinite(known.entropy)) {
    return { entropy: known.entropy, maxima: subtract(logits, known.logSumExp, 0) };
  }
  const max = maximum(logits);
  const sums: Sums = { weights: 0, moments: 0 };
  for (let from = 0; from < logits.length; from += BLOCK) addWeights(sums, logits, from, max);
  if (!(sums.weights > 0)) return undefined;
  const logSum = Math.log(sums.weights);
  return { entropy: logSum - sums.moments / sums.weights, maxima: subtract(logits, max, logSum) };
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

/** Takes two numbers from each, and tells the largest result of each block. */
function subtract(logits: Float32Array, max: number, logSum: number): Float32Array {
  const maxima = new Float32Array(numBlocks(logits.length));
  for (let block = 0; block < maxima.length; block++) maxima[block] = subtractBlock(logits, block * BLOCK, max, logSum);
  return maxima;
}

function subtractBlock(logits: Float32Array, from: number, max: number, logSum: number): number {
  const to = Math.min(from + BLOCK, logits.length);
  let largest = -Infinity;
  for (let i = from; i < to; i++) {
    const logProb = (logits[i] as number) - max - logSum;
    logits[i] = logProb;
    if (logProb > largest) largest = logProb;
  }
  return largest;
}
