import type { EncodedImage } from './image-encoder.js';

/** What a decoder may report about the distribution of its logits, so that it need not be computed from them. */
export interface LogitsSummary {
  /** Natural logarithm of the sum of `exp(logit)` over the vocabulary: `[rows]`. A logit less this is a log-probability. */
  readonly logSumExps: Float32Array;
  /** Entropy of `softmax(logits)`, in nats, from 0 to `log(vocabularySize)`: `[rows]`. */
  readonly entropies: Float32Array;
}

/** What one step of a decoder gives. */
export interface DecoderStep<State> {
  /** Unnormalised scores of the next token, row after row: `rows × vocabularySize`. The caller may overwrite them. */
  readonly logits: Float32Array;
  /** The state that has taken in the tokens of this step. */
  readonly state: State;
  /**
   * Where the decoder tells it: the attention over the image regions while the step's tokens were read, row after row,
   * `rows × regions`, each row summing to 1.
   */
  readonly attention?: Float32Array;
  /**
   * Where the decoder tells it: what its logits sum up to. A search over a large vocabulary then needs no exponentials of its
   * own; if a rule changes logits before they become probabilities, and if a number here is not finite, it computes them.
   */
  readonly summary?: LogitsSummary;
}

/**
 * Predicts the next token of captions of one picture, for several captions (rows) at once; and of several pictures, if
 * the decoder can `join` their states.
 *
 * The state is opaque: a search only passes it on, reorders it and drops it. It holds `(h, c)` for an LSTM and
 * key-value caches for a Transformer.
 *
 * Contract:
 * - `start` gives a state of one row that has taken in nothing yet.
 * - `step` takes one token a row and leaves the state it was given usable; `reorder` takes its state over, so that what need
 *   not move is not copied: afterwards only the new state may be used.
 * - With a prefix, `step` may take no token at all from a state that has taken in nothing yet: `step(state, [])` reads the
 *   prefix alone and gives, for each row, the logits of the text's first token. Read alone or together with the first
 *   token, the prefix gives the same logits afterwards.
 * - A row's logits depend only on its own tokens and the picture, not on the other rows.
 * - Calls may overlap.
 */
export interface CaptionDecoder<State = unknown> {
  /** Number of tokens that `logits` scores. */
  readonly vocabularySize: number;
  /** The most tokens, the start tokens included, that a row can take in. A prefix is not counted. */
  readonly maxPositions: number;
  /**
   * Whether the picture itself stands in front of the text, as vectors in the place of tokens, so that a caption needs no
   * start token. Default false.
   */
  readonly hasPrefix?: boolean;
  /** The state before the first token. */
  start(image: EncodedImage): State;
  /**
   * Reads one token in each row; at the first step of a decoder with a prefix, possibly none.
   * @param tokenIds one id a row, each from 0 to `vocabularySize − 1`; or empty, if nothing but the prefix is read
   * @throws RuntimeError if the runtime fails
   */
  step(state: State, tokenIds: readonly number[]): Promise<DecoderStep<State>>;
  /**
   * A state whose row `i` is row `parents[i]` of the given one, which it takes over. The number of rows may grow or shrink.
   * Parts that no row changes (the picture) are shared, never copied; if rows do not grow in number, neither are rows that
   * stay what they are.
   *
   * Of a joint state, parents name rows picture after picture, equally many for each picture; a picture without rows leaves it.
   */
  reorder(state: State, parents: readonly number[]): State;
  /**
   * Only if the decoder can read rows of several pictures in one step: a state with the rows of all the given ones, picture
   * after picture.
   * @param states of different pictures, with equally many rows each, whose rows have all taken in equally many tokens
   * @returns undefined if these states cannot be read together
   */
  join?(states: readonly State[]): State | undefined;
}
