import { type Candidate, compareCandidates } from './candidate.js';
import { BLOCK, maximum } from '../numerics/maximum.js';
import { TopList } from '../numerics/top-list.js';
import type { NextTokenScores } from '../types/search-strategy.js';

/**
 * The candidates of highest log-probability over all rows, best first, in one pass over the scores.
 *
 * Equal log-probabilities are ordered by token id, lower first, then by row. What scores −Infinity is never among them,
 * so there may be fewer than `count`.
 */
export function bestCandidates(
  scores: Pick<NextTokenScores, 'rows' | 'logProbs' | 'bounds'>,
  count: number,
): Candidate[] {
  const { logProbs, rows, bounds } = scores; // [rows, vocabularySize]
  const vocabularySize = logProbs.length / rows.length;
  const best = new TopList(count, compareCandidates);
  let threshold = -Number.MAX_VALUE;
  rows.forEach(({ logProb: before }, row) => {
    const offset = row * vocabularySize;
    for (let from = 0; from < vocabularySize; from += BLOCK) {
      const to = Math.min(from + BLOCK, vocabularySize);
      const bound = bounds?.[row]?.[from / BLOCK] ?? maximum(logProbs, offset + from, offset + to);
      if (before + bound < threshold) continue; // as most are
      let at = from;
      while ((at = nextAtLeast(threshold, logProbs, before, offset + at, offset + to) - offset) < to) {
        best.offer({ row, tokenId: at, logProb: before + (logProbs[offset + at] as number) });
        threshold = best.worst?.logProb ?? threshold;
        at++;
      }
    }
  });
  return best.sorted();
}

/** The first index, from one up to another, whose score comes up to a threshold; `to` if none does. */
function nextAtLeast(threshold: number, scores: Float32Array, before: number, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    if (before + (scores[i] as number) >= threshold) return i;
  }
  return to;
}
