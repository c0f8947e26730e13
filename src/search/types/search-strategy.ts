import type { Hypothesis, PartialHypothesis } from './hypothesis.js';
import type { SearchSettings } from './search-settings.js';

/** What a strategy chooses from at one step. All arrays are valid until the next step only. */
export interface NextTokenScores {
  /** The running captions, row after row. All have the same number of tokens. */
  readonly rows: readonly PartialHypothesis[];
  /**
   * `[rows, vocabularySize]`: the score of each next token of each row, as the logits processors left it: its natural
   * log-probability, −Infinity for what must not come.
   */
  readonly logProbs: Float32Array;
  /**
   * For each row, if they are known: a number for each block of `BLOCK` scores that none of them is above.
   * `[rows]` times `[numBlocks(vocabularySize)]`.
   */
  readonly bounds?: readonly Float32Array[];
  /**
   * `[rows, vocabularySize]`: what tokens are drawn by, in proportion to `exp`: `logProbs` after temperature, top-k and
   * the like. The same array if there are none of these.
   */
  readonly drawLogits: Float32Array;
  /** `[rows]`: entropy of the model's own distribution, in nats. */
  readonly entropies: readonly number[];
  /** `[rows, regions]` if the decoder tells it. */
  readonly attention?: Float32Array;
  /** The option whose rule left a row without a next token, if one did. */
  readonly exhaustedBy?: string;
}

/** A running caption that continues with one more token. */
export interface Continuation {
  /** The row that it continues. Several may continue one row. */
  readonly parent: number;
  /** The row with its new token. */
  readonly hypothesis: PartialHypothesis;
}

/**
 * One search under way: it decides which captions go on, and keeps those that ended. It knows nothing of decoders; the
 * loop in `runSearch` runs the decoder and asks the strategy. One object serves one search.
 */
export interface SearchStrategy {
  /**
   * Chooses the next tokens.
   * @returns the captions to go on with, which become the rows of the next step; none if the search is over
   */
  advance(scores: NextTokenScores): readonly Continuation[];
  /** The captions found so far that would be the result if the search ended now, best first. */
  hypotheses(): Hypothesis[];
}

/** Makes the strategy of one search. */
export type CreateSearchStrategy = (settings: SearchSettings) => SearchStrategy;
