import type { Candidate } from './candidate.js';
import type { PartialHypothesis } from './hypothesis.js';
import type { NextTokenScores } from './strategy.js';

/**
 * The candidates of highest log-probability over all rows, best first.
 *
 * One pass over the scores with a heap of `count`. Equal log-probabilities are ordered by token id, lower first, then by
 * row. What scores −Infinity is never among them, so there may be fewer than `count`.
 */
export function bestCandidates(scores: NextTokenScores, count: number): Candidate[] {
  const { logProbs, rows } = scores; // [rows, vocabularySize]
  const vocabularySize = logProbs.length / rows.length;
  const heap: Candidate[] = []; // the worst at the root
  let threshold = -Number.MAX_VALUE;
  for (let row = 0; row < rows.length; row++) {
    const before = (rows[row] as PartialHypothesis).logProb;
    const offset = row * vocabularySize;
    for (let tokenId = 0; tokenId < vocabularySize; tokenId++) {
      const logProb = before + (logProbs[offset + tokenId] as number);
      if (logProb < threshold) continue;
      const candidate = { row, tokenId, logProb };
      if (heap.length < count) pushUp(heap, candidate);
      else if (compare(candidate, heap[0] as Candidate) < 0) replaceRoot(heap, candidate);
      if (heap.length === count) threshold = (heap[0] as Candidate).logProb;
    }
  }
  return heap.sort(compare);
}

/** Negative where `a` is the better candidate. */
function compare(a: Candidate, b: Candidate): number {
  return b.logProb - a.logProb || a.tokenId - b.tokenId || a.row - b.row;
}

function pushUp(heap: Candidate[], candidate: Candidate): void {
  let at = heap.length;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (compare(candidate, heap[parent] as Candidate) < 0) break;
    heap[at] = heap[parent] as Candidate;
    at = parent;
  }
  heap[at] = candidate;
}

function replaceRoot(heap: Candidate[], candidate: Candidate): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && compare(heap[child + 1] as Candidate, heap[child] as Candidate) > 0) child++;
    if (compare(heap[child] as Candidate, candidate) < 0) break;
    heap[at] = heap[child] as Candidate;
    at = child;
  }
  heap[at] = candidate;
}
