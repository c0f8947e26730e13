import { type Hypothesis, type PartialHypothesis, toHypothesis } from './hypothesis.js';
import type { SearchSettings } from './options.js';
import type { NextTokenScores } from './strategy.js';

/** A next token of one row, not yet chosen. */
export interface Candidate {
  /** The row that it would continue. */
  readonly row: number;
  readonly tokenId: number;
  /** Log-probability of the row with this token: what candidates are ranked by. */
  readonly logProb: number;
}

/** The candidate's row with its token, as a caption that goes on (or is cut here). */
export function extend(scores: NextTokenScores, candidate: Candidate): PartialHypothesis {
  const row = scores.rows[candidate.row] as PartialHypothesis;
  const attention = rowAttention(scores, candidate.row); // [regions]
  return {
    tokenIds: [...row.tokenIds, candidate.tokenId],
    ...takeLogProb(scores, candidate),
    ...(attention && { attention: [...(row.attention ?? []), attention] }),
  };
}

/** What becomes of a candidate that nothing can follow: a caption that its end token ended, or one that is cut. */
export function conclude(scores: NextTokenScores, candidate: Candidate, settings: SearchSettings): Hypothesis {
  const { endTokenIds, lengthPenalty } = settings;
  if (!endTokenIds.has(candidate.tokenId)) return toHypothesis(extend(scores, candidate), lengthPenalty, false);
  const row = scores.rows[candidate.row] as PartialHypothesis;
  const attention = scores.attention && (row.attention ?? []);
  const ended = { tokenIds: row.tokenIds, ...takeLogProb(scores, candidate), ...(attention && { attention }) };
  return toHypothesis(ended, lengthPenalty, true);
}

function takeLogProb(
  scores: NextTokenScores,
  { row, tokenId, logProb }: Candidate,
): Pick<PartialHypothesis, 'tokenLogProbs' | 'logProb'> {
  const vocabularySize = scores.logProbs.length / scores.rows.length;
  const tokenLogProb = scores.logProbs[row * vocabularySize + tokenId] as number;
  return { tokenLogProbs: [...(scores.rows[row] as PartialHypothesis).tokenLogProbs, tokenLogProb], logProb };
}

function rowAttention({ attention, rows }: NextTokenScores, row: number): Float32Array | undefined {
  if (attention === undefined) return undefined;
  const regions = attention.length / rows.length;
  return attention.slice(row * regions, (row + 1) * regions);
}
