import type { LogitsProcessor } from '../logits-processors/index.js';
import { expOfNegative } from '../scoring/exp-of-negative.js';
import { maximum } from '../scoring/maximum.js';
import { keepAbove } from './keep-above.js';

/** The nucleus is looked for among logits within these distances of the largest: the fewer, the less there is to sort. */
const DISTANCES = [4, 8, Infinity];

/**
 * Keeps the nucleus: the fewest likeliest tokens whose probabilities add up to `p` at least, and those as likely as the
 * last of them (Holtzman 2020, https://arxiv.org/abs/1904.09751).
 */
export function topPWarper(p: number): LogitsProcessor {
  return {
    name: 'topP',
    process(logits) {
      const max = maximum(logits);
      let mass = 0;
      for (let i = 0; i < logits.length; i++) mass += expOfNegative((logits[i] as number) - max);
      for (const distance of DISTANCES) {
        const descending = takeAbove(logits, max - distance)
          .sort()
          .reverse();
        const last = lastOfNucleus(descending, max, p * mass);
        if (last === undefined) continue;
        keepAbove(logits, last);
        return;
      }
    },
  };
}

/** The logit at which the mass is reached; undefined where it is not. */
function lastOfNucleus(descending: Float32Array, max: number, mass: number): number | undefined {
  let sum = 0;
  return descending.find((logit) => (sum += expOfNegative(logit - max)) >= mass);
}

/** The logits above a threshold, in a copy. */
function takeAbove(logits: Float32Array, threshold: number): Float32Array {
  const taken = new Float32Array(logits.length);
  let count = 0;
  for (let i = 0; i < logits.length; i++) {
    if ((logits[i] as number) > threshold) taken[count++] = logits[i] as number;
  }
  return taken.subarray(0, count);
}
