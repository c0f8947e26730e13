import { bestCandidates } from './best-candidates.js';
import { conclude, extend } from './candidate.js';
import { FinishedPool } from './finished-pool.js';
import { type Hypothesis, lengthNormalizedScore, type PartialHypothesis } from './hypothesis.js';
import type { SearchSettings } from './options.js';
import type { Continuation, NextTokenScores, SearchStrategy } from './strategy.js';

/** Makes a beam search as Hugging Face transformers' `generate` (5.x) has it. */
export function createBeamSearch(settings: SearchSettings): SearchStrategy {
  return new BeamSearch(settings);
}

/**
 * Keeps the `numBeams` likeliest captions running. At each step:
 *
 * 1. The likeliest candidates over all rows are found: twice `numBeams` of them, or more with several end tokens, so
 *    that `numBeams` are left to go on with even where many end.
 * 2. Of the first `numBeams` candidates, those that end go to the pool of the best ended captions; the others that end
 *    are dropped.
 * 3. The first `numBeams` that do not end go on.
 * 4. At `maxLength` everything counts as ended; otherwise `earlyStopping` says whether the pool can still improve.
 */
class BeamSearch implements SearchStrategy {
  readonly #settings: SearchSettings;
  readonly #numCandidates: number;
  readonly #pool: FinishedPool;

  constructor(settings: SearchSettings) {
    this.#settings = settings;
    this.#numCandidates = Math.max(2, 1 + settings.endTokenIds.size) * settings.numBeams;
    this.#pool = new FinishedPool(settings.numBeams);
  }

  advance(scores: NextTokenScores): readonly Continuation[] {
    const { numBeams, maxLength, endTokenIds } = this.#settings;
    const length = (scores.rows[0] as PartialHypothesis).tokenIds.length + 1;
    const running: Continuation[] = [];
    bestCandidates(scores, this.#numCandidates).forEach((candidate, rank) => {
      if (length === maxLength || endTokenIds.has(candidate.tokenId)) {
        if (rank < numBeams) this.#pool.add(conclude(scores, candidate, this.#settings));
      } else if (running.length < numBeams) {
        running.push({ parent: candidate.row, hypothesis: extend(scores, candidate) });
      }
    });
    return this.#canImprove(running[0], length) ? running : [];
  }

  hypotheses(): Hypothesis[] {
    return this.#pool.best(this.#settings.numCaptions);
  }

  /** Whether the best running caption may still get into the pool. */
  #canImprove(best: Continuation | undefined, length: number): boolean {
    const { earlyStopping, lengthPenalty, maxLength } = this.#settings;
    const { scoreToBeat } = this.#pool;
    if (best === undefined) return false;
    if (scoreToBeat === undefined) return true;
    if (earlyStopping === true) return false;
    // A log-probability only falls. Divided by a larger power it comes closer to 0, so the longest caption has the
    // best score within reach where the penalty is positive, and the present length where it is not.
    const reach = earlyStopping === 'never' && lengthPenalty > 0 ? maxLength : length;
    return lengthNormalizedScore(best.hypothesis.logProb, reach, lengthPenalty) > scoreToBeat;
  }
}
