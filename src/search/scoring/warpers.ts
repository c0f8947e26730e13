import { expOfNegative } from '../numerics/exp-of-negative.js';
import { logSoftmax } from '../numerics/log-softmax.js';
import { maximum } from '../numerics/maximum.js';
import { TopList } from '../numerics/top-list.js';
import type { LogitsProcessor } from '../types/rules.js';

/** Divides logits: below 1 the distribution gets sharper, above 1 flatter. */
export function temperatureWarper(temperature: number): LogitsProcessor {
  return {
    name: 'temperature',
    process(logits) {
      for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] as number) / temperature;
    },
  };
}

/** Keeps the `k` likeliest tokens, and those as likely as the last of them (Fan 2018, https://arxiv.org/abs/1805.04833). */
export function topKWarper(k: number): LogitsProcessor {
  return {
    name: 'topK',
    process(logits) {
      const best = new TopList<number>(k, (a, b) => b - a);
      let threshold = -Infinity;
      for (let i = 0; i < logits.length; i++) {
        const logit = logits[i] as number;
        if (logit <= threshold) continue;
        best.offer(logit);
        threshold = best.worst ?? threshold;
      }
      keepAbove(logits, threshold);
    },
  };
}

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

/** The logit at which the mass is reached; undefined if it is not. */
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

/** Keeps tokens at least `p` times as likely as the likeliest (Nguyen 2024, https://arxiv.org/abs/2407.01082). */
export function minPWarper(p: number): LogitsProcessor {
  return {
    name: 'minP',
    process(logits) {
      keepAbove(logits, maximum(logits) + Math.log(p));
    },
  };
}

/**
 * Keeps the tokens whose information is nearest to the expected one, the fewest whose probabilities add up to `p` at least
 * (Meister 2023, https://arxiv.org/abs/2202.00666).
 */
export function typicalPWarper(p: number): LogitsProcessor {
  return {
    name: 'typicalP',
    process(logits) {
      const logProbs = logits.slice();
      const entropy = logSoftmax(logProbs)?.entropy ?? 0;
      const oddity = (tokenId: number): number => Math.abs(-(logProbs[tokenId] as number) - entropy);
      const possible = [...logProbs.keys()].filter((tokenId) => (logProbs[tokenId] as number) > -Infinity);
      let sum = 0;
      for (const tokenId of possible.sort((a, b) => oddity(a) - oddity(b))) {
        if (sum >= p) logits[tokenId] = -Infinity;
        sum += Math.exp(logProbs[tokenId] as number);
      }
    },
  };
}

/** Forbids, in place, what lies below a threshold. */
function keepAbove(logits: Float32Array, threshold: number): void {
  for (let i = 0; i < logits.length; i++) {
    if ((logits[i] as number) < threshold) logits[i] = -Infinity;
  }
}
