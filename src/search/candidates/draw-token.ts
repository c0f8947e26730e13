import type { Random } from '../../core/random.js';
import { expOfNegative } from '../scoring/exp-of-negative.js';
import { maximum } from '../scoring/maximum.js';

/**
 * Draws one token in proportion to `exp(logits)`.
 *
 * @param logits `[vocabularySize]`; −Infinity is never drawn; at least one value is above it
 */
export function drawToken(logits: Float32Array, random: Random): number {
  const max = maximum(logits);
  let total = 0;
  for (let i = 0; i < logits.length; i++) total += expOfNegative((logits[i] as number) - max);
  let left = random() * total;
  let last = 0;
  for (let i = 0; i < logits.length; i++) {
    const weight = expOfNegative((logits[i] as number) - max);
    if (weight === 0) continue;
    last = i; // where rounding leaves some of `left` at the end
    if (left < weight) return i;
    left -= weight;
  }
  return last;
}
