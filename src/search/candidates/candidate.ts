import { shouldStop } from '../scoring/custom-rules.js';
import { type Hypothesis, type PartialHypothesis, toHypothesis } from '../types/hypothesis.js';
import type { SearchSettings } from '../types/search-settings.js';
import type { NextTokenScores } from '../types/search-strategy.js';

/** A next token of one row, not yet chosen. */
export interface Candidate {
  /** The row that it would continue. */
  readonly row: number;
  readonly tokenId: number;
  /** Log-probability of the row with this token. */
  readonly logProb: number;
}

/** Negative if `a` is the better candidate. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  return b.logProb - a.logProb || a.tokenId - b.tokenId || a.row - b.row;
}

/** One token of one row as a candidate. */
export function candidateOf(scores: NextTokenScores, row: number, tokenId: number): Candidate {
  const vocabularySize = scores.logProbs.length / scores.rows.length;
  const before = (scores.rows[row] as PartialHypothesis).logProb;
  return { row, tokenId, logProb: before + (scores.logProbs[row * vocabularySize + tokenId] as number) };
}

/** The candidate's row with its token, as a caption that continues (or is cut here). */
export function extend(scores: NextTokenScores, candidate: Candidate): PartialHypothesis {
  const row = scores.rows[candidate.row] as PartialHypothesis;
  const attention = rowAttention(scores, candidate.row); // [regions]
  return {
    tokenIds: Object.freeze([...row.tokenIds, candidate.tokenId]), // rules are given it
    ...takeToken(scores, candidate),
    ...(attention && { attention: [...(row.attention ?? []), attention] }),
  };
}

/** Whether nothing follows a candidate: its token ends captions, there is room for no other, or a criterion says so. */
export function isOver(scores: NextTokenScores, { row, tokenId }: Candidate, settings: SearchSettings): boolean {
  const { endTokenIds, maxLength, stoppingCriteria, startTokenIds } = settings;
  const before = (scores.rows[row] as PartialHypothesis).tokenIds;
  if (endTokenIds.has(tokenId) || before.length + 1 === maxLength) return true;
  if (stoppingCriteria.length === 0) return false;
  return shouldStop(stoppingCriteria, Object.freeze({ startTokenIds, tokenIds: Object.freeze([...before, tokenId]) }));
}

/** What becomes of a candidate that nothing can follow: a caption that its end token ended, or one that is cut. */
export function conclude(scores: NextTokenScores, candidate: Candidate, settings: SearchSettings): Hypothesis {
  const { endTokenIds } = settings;
  if (!endTokenIds.has(candidate.tokenId)) return toHypothesis(extend(scores, candidate), settings, false);
  const row = scores.rows[candidate.row] as PartialHypothesis;
  const attention = scores.attention && (row.attention ?? []);
  const ended = { tokenIds: row.tokenIds, ...takeToken(scores, candidate), ...(attention && { attention }) };
  return toHypothesis(ended, settings, true);
}

function takeToken(
  scores: NextTokenScores,
  { row, tokenId, logProb }: Candidate,
): Pick<PartialHypothesis, 'tokenLogProbs' | 'tokenEntropies' | 'logProb'> {
  const { tokenLogProbs, tokenEntropies } = scores.rows[row] as PartialHypothesis;
  const vocabularySize = scores.logProbs.length / scores.rows.length;
  return {
    tokenLogProbs: [...tokenLogProbs, scores.logProbs[row * vocabularySize + tokenId] as number],
    tokenEntropies: [...tokenEntropies, scores.entropies[row] as number],
    logProb,
  };
}

function rowAttention({ attention, rows }: NextTokenScores, row: number): Float32Array | undefined {
  if (attention === undefined) return undefined;
  const regions = attention.length / rows.length;
  return attention.slice(row * regions, (row + 1) * regions);
}
