import { type Candidate, candidateOf, compareCandidates } from './candidate.js';
import { expOfNegative } from '../numerics/exp-of-negative.js';
import { maximum } from '../numerics/maximum.js';
import type { Random } from '../../numerics/random.js';
import { TopList } from '../numerics/top-list.js';
import type { NextTokenScores } from '../types/search-strategy.js';

/** Gumbel noise from a uniform number with 53 bits is never larger. */
const MAX_NOISE = -Math.log(-Math.log(1 - 2 ** -53));

/**
 * Candidates drawn over all rows without replacement, likeliest first. A candidate's weight is the probability of its row
 * times that of its token under the distribution that is drawn from.
 *
 * The largest of log-weights with Gumbel noise added are such a draw (Kool 2019, https://arxiv.org/abs/1903.06059).
 */
export function drawCandidates(scores: NextTokenScores, count: number, random: Random): Candidate[] {
  const { drawLogits, rows } = scores; // [rows, vocabularySize]
  const vocabularySize = drawLogits.length / rows.length;
  const drawn = new TopList<Draw>(count, (a, b) => b.noisy - a.noisy);
  let threshold = -Number.MAX_VALUE;
  rows.forEach(({ logProb }, row) => {
    const offset = row * vocabularySize;
    for (let tokenId = 0; tokenId < vocabularySize; tokenId++) {
      const logWeight = logProb + (drawLogits[offset + tokenId] as number);
      if (!(logWeight + MAX_NOISE >= threshold)) continue;
      const noisy = logWeight - Math.log(-Math.log(random() || 2 ** -53));
      if (noisy < threshold) continue;
      drawn.offer({ row, tokenId, noisy });
      threshold = drawn.worst?.noisy ?? threshold;
    }
  });
  return drawn
    .sorted()
    .map(({ row, tokenId }) => candidateOf(scores, row, tokenId))
    .sort(compareCandidates);
}

interface Draw {
  readonly row: number;
  readonly tokenId: number;
  /** Log-weight with its noise. */
  readonly noisy: number;
}

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
    last = i; // if rounding leaves some of `left` at the end
    if (left < weight) return i;
    left -= weight;
  }
  return last;
}
