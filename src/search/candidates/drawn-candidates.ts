import type { Random } from '../../core/random.js';
import type { NextTokenScores } from '../strategies/strategy.js';
import { candidateOf, compareCandidates } from './best-candidates.js';
import type { Candidate } from './candidate.js';
import { TopList } from './top-list.js';

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
