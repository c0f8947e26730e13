/** The tokens of one row so far. Both lists are frozen. */
export interface TokenHistory {
  /** The tokens that every caption starts with. */
  readonly startTokenIds: readonly number[];
  /** The tokens generated after them. */
  readonly tokenIds: readonly number[];
}

/**
 * A rule that changes the scores of the next token before the search chooses.
 *
 * @example
 * ```ts
 * const noDogs: LogitsProcessor = {
 *   name: 'no-dogs',
 *   process(logits) {
 *     logits[dogId] = -Infinity;
 *   },
 * };
 * ```
 */
export interface LogitsProcessor {
  /** For messages. */
  readonly name: string;
  /**
   * Changes one row in place, synchronously. The outcome must depend on the arguments only: rows come in any order, and a
   * row may have several continuations or none.
   *
   * @param logits `[vocabularySize]`: natural log-probabilities, which the rules before this one may have changed.
   *   −Infinity forbids a token. At least one value must stay above −Infinity, and none may be NaN or +Infinity; else
   *   the search throws `InvalidArgumentError`, as it does if this returns an object, such as a promise or new
   *   scores.
   * @param history the row's tokens so far
   */
  process(logits: Float32Array, history: TokenHistory): void;
}

/**
 * A rule of your own that ends captions.
 *
 * @example
 * ```ts
 * const atComma: StoppingCriterion = {
 *   name: 'at-comma',
 *   shouldStop: ({ tokenIds }) => tokenIds.at(-1) === commaId,
 * };
 * ```
 */
export interface StoppingCriterion {
  /** For messages. */
  readonly name: string;
  /**
   * Whether a caption ends here: true or false; for anything else, a promise among them, the search throws
   * `InvalidArgumentError`. It is called for each candidate, whose newest token comes last, and its answer must depend on the
   * argument only. A caption that it ends keeps all its tokens and counts as not finished by itself.
   */
  shouldStop(history: TokenHistory): boolean;
}
