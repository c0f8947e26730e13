import { bestCandidates } from './best-candidates.js';
import { type Candidate, conclude, extend } from './candidate.js';
import type { Hypothesis } from './hypothesis.js';
import type { SearchSettings } from './options.js';
import type { Continuation, NextTokenScores, SearchStrategy } from './strategy.js';

/**
 * The likeliest token at each step, until an end token or `maxLength`.
 *
 * It finds what {@link createBeamSearch} with one beam finds, unless that one's `earlyStopping` is `'never'`.
 */
export function createGreedySearch(settings: SearchSettings): SearchStrategy {
  const found: Hypothesis[] = [];
  return {
    advance(scores: NextTokenScores): readonly Continuation[] {
      const best = bestCandidates(scores, 1)[0] as Candidate;
      const hypothesis = extend(scores, best);
      const isOver = settings.endTokenIds.has(best.tokenId) || hypothesis.tokenIds.length === settings.maxLength;
      if (!isOver) return [{ parent: 0, hypothesis }];
      found.push(conclude(scores, best, settings));
      return [];
    },
    hypotheses: () => found,
  };
}
