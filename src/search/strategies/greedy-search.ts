import { bestCandidates } from '../candidates/best-candidates.js';
import { conclude, extend, isOver } from '../candidates/candidate.js';
import type { Hypothesis } from '../types/hypothesis.js';
import type { SearchSettings } from '../types/search-settings.js';
import type { Continuation, NextTokenScores, SearchStrategy } from '../types/search-strategy.js';

/**
 * The likeliest token at each step, until an end token or `maxLength`.
 *
 * It finds what {@link createBeamSearch} with one beam finds, unless that one's `earlyStopping` is `'never'` or a
 * `repetitionPenalty` makes the difference of logits and log-probabilities count.
 */
export function createGreedySearch(settings: SearchSettings): SearchStrategy {
  const found: Hypothesis[] = [];
  return {
    advance(scores: NextTokenScores): readonly Continuation[] {
      const [best] = bestCandidates(scores, 1);
      if (best === undefined) return [];
      if (!isOver(scores, best, settings)) return [{ parent: 0, hypothesis: extend(scores, best) }];
      found.push(conclude(scores, best, settings));
      return [];
    },
    hypotheses: () => found,
  };
}
