import type { Hypothesis } from '../hypothesis.js';

/** The best captions that have come to their end, at most `capacity` of them. */
export class FinishedPool {
  readonly #capacity: number;
  /** Best first; of equals the one added earlier. */
  readonly #hypotheses: Hypothesis[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Adds a caption where there is room, or where it beats the worst, which then goes. */
  add(hypothesis: Hypothesis): void {
    const worseAt = this.#hypotheses.findIndex(({ score }) => score < hypothesis.score);
    this.#hypotheses.splice(worseAt === -1 ? this.#hypotheses.length : worseAt, 0, hypothesis);
    if (this.#hypotheses.length > this.#capacity) this.#hypotheses.pop();
  }

  /** The score to beat: the worst of the pool's where it is full; undefined while there is room. */
  get scoreToBeat(): number | undefined {
    return this.#hypotheses[this.#capacity - 1]?.score;
  }

  /** The best `count` captions, best first. */
  best(count: number): Hypothesis[] {
    return this.#hypotheses.slice(0, count);
  }
}
