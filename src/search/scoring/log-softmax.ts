import { expOfNegative } from './exp-of-negative.js';

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
  for (let i = 0; i < logits.length; i++) {
    if ((logits[i] as number) > max) max = logits[i] as number;
  }
  let sum = 0;
  let moment = 0; // sum of x·exp(x) for x = logit − max
  for (let i = 0; i < logits.length; i++) {
    const below = (logits[i] as number) - max;
    const weight = expOfNegative(below);
    if (weight === 0) continue;
    sum += weight;
    moment += below * weight;
  }
  if (!(sum > 0)) return undefined;
  const logSum = Math.log(sum);
  for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] as number) - max - logSum;
  return logSum - moment / sum;
}
