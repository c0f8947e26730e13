import { bestCandidates } from './best-candidates.js';
import { type Candidate, candidateOf, compareCandidates } from './candidate.js';
import { missingTokens, progressOf } from '../scoring/required-phrases.js';
import type { PartialHypothesis } from '../types/hypothesis.js';
import type { SearchSettings } from '../types/search-settings.js';
import type { NextTokenScores } from '../types/search-strategy.js';

/**
 * Candidates of a beam that has phrases to say: the best ones, and every token that carries a phrase on. They are put
 * into banks by how many tokens of the phrases are still missing, and taken from the banks in turn, the furthest first, so
 * that no bank's share of the beam depends on how its captions score beside those of another (dynamic beam allocation,
 * Post & Vilar 2018, https://arxiv.org/abs/1804.06609).
 */
export function constrainedCandidates(
  scores: NextTokenScores,
  count: number,
  { requiredPhrases, startTokenIds }: SearchSettings,
): Candidate[] {
  const banks = new Map<number, Candidate[]>(); // by how many tokens are missing
  for (const candidate of candidatesOnTheWay(scores, count, { requiredPhrases, startTokenIds })) {
    const { tokenIds } = scores.rows[candidate.row] as PartialHypothesis;
    const missing = missingTokens([...startTokenIds, ...tokenIds, candidate.tokenId], requiredPhrases);
    banks.set(missing, [...(banks.get(missing) ?? []), candidate]);
  }
  const furthestFirst = [...banks].sort(([a], [b]) => a - b).map(([, bank]) => bank.sort(compareCandidates));
  return takeInTurn(furthestFirst);
}

function candidatesOnTheWay(
  scores: NextTokenScores,
  count: number,
  { requiredPhrases, startTokenIds }: Pick<SearchSettings, 'requiredPhrases' | 'startTokenIds'>,
): Candidate[] {
  const found = bestCandidates(scores, count);
  const isFound = new Set(found.map(({ row, tokenId }) => `${row} ${tokenId}`));
  scores.rows.forEach(({ tokenIds }, row) => {
    for (const tokenId of progressOf([...startTokenIds, ...tokenIds], requiredPhrases).next.keys()) {
      const candidate = candidateOf(scores, row, tokenId);
      if (candidate.logProb > -Infinity && !isFound.has(`${row} ${tokenId}`)) found.push(candidate);
    }
  });
  return found;
}

/** The first of each list, then the second of each, and so on. */
function takeInTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}
