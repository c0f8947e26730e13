import { type Candidate, conclude, extend, isOver } from '../candidates/candidate.js';
import { type Hypothesis, lengthNormalizedScore } from '../types/hypothesis.js';
import type { SearchSettings } from '../types/search-settings.js';
import type { Continuation, NextTokenScores } from '../types/search-strategy.js';

/** The captions of one beam: those that run, `size` at most, and the best that ended. */
export class Beam {
  readonly size: number;
  readonly pool: FinishedPool;
  readonly #settings: SearchSettings;

  constructor(size: number, settings: SearchSettings) {
    this.size = size;
    this.pool = new FinishedPool(size);
    this.#settings = settings;
  }

  /** How many candidates leave enough to go on with, whatever ends: twice the size, or more with several end tokens. */
  get numCandidates(): number {
    return Math.max(2, 1 + this.#settings.endTokenIds.size) * this.size;
  }

  /**
   * Sorts candidates, best first, into those that end and those that go on. Of the first `size`, those that end go to
   * the pool; the others that end are dropped. The first `size` that do not end go on.
   */
  sift(
    scores: NextTokenScores,
    candidates: readonly Candidate[],
    isEnd = (candidate: Candidate): boolean => isOver(scores, candidate, this.#settings),
  ): Continuation[] {
    const running: Continuation[] = [];
    candidates.forEach((candidate, rank) => {
      if (rank >= this.size && running.length === this.size) return;
      if (isEnd(candidate)) {
        if (rank < this.size) this.pool.add(conclude(scores, candidate, this.#settings));
      } else if (running.length < this.size) {
        running.push({ parent: candidate.row, hypothesis: extend(scores, candidate) });
      }
    });
    return running;
  }

  /**
   * Whether a caption of this log-probability may still get into the pool.
   * @param length its tokens so far
   */
  canImprove(logProb: number, length: number): boolean {
    const { earlyStopping, lengthPenalty, maxLength } = this.#settings;
    const { scoreToBeat } = this.pool;
    if (scoreToBeat === undefined) return true;
    if (earlyStopping === true) return false;
    // A log-probability only falls. Divided by a larger power it comes closer to 0, so the longest caption has the
    // best score within reach if the penalty is positive, and the present length if it is not.
    const reach = earlyStopping === 'never' && lengthPenalty > 0 ? maxLength : length;
    return lengthNormalizedScore(logProb, reach, this.#settings) > scoreToBeat;
  }
}

/** The best captions that have come to their end, at most `capacity` of them. */
class FinishedPool {
  readonly #capacity: number;
  /** Best first; of equals the one added earlier. */
  readonly #hypotheses: Hypothesis[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Adds a caption if there is room, or if it beats the worst, which then goes. */
  add(hypothesis: Hypothesis): void {
    const worseAt = this.#hypotheses.findIndex(({ score }) => score < hypothesis.score);
    this.#hypotheses.splice(worseAt === -1 ? this.#hypotheses.length : worseAt, 0, hypothesis);
    if (this.#hypotheses.length > this.#capacity) this.#hypotheses.pop();
  }

  /** The score to beat: the worst of the pool's if it is full; undefined while there is room. */
  get scoreToBeat(): number | undefined {
    return this.#hypotheses[this.#capacity - 1]?.score;
  }

  /** The best `count` captions, best first. */
  best(count: number): Hypothesis[] {
    return this.#hypotheses.slice(0, count);
  }
}
