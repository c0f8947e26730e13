import { expOfNegative } from './exp-of-negative.js';

/**
 * Turns a row of logits into natural log-probabilities in place: `logits − log(sum(exp(logits)))`.
 *
 * The largest logit is taken out before the exponentials, so none overflows and nothing cancels, and the sum is in double
 * precision. −Infinity is a logit like others (probability 0).
 *
 * @param logits `[vocabularySize]`
 * @returns false, the row left as it was, where it makes no distribution: NaN or +Infinity among the logits, or nothing
 *   but −Infinity
 */
export function logSoftmax(logits: Float32Array): boolean {
  let max = -Infinity;
  for (let i = 0; i < logits.length; i++) {
    if ((logits[i] as number) > max) max = logits[i] as number;
  }
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += expOfNegative((logits[i] as number) - max);
  if (Number.isNaN(sum)) return false;
  const logSum = Math.log(sum);
  for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] as number) - max - logSum;
  return true;
}
