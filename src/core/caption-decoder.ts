import type { EncodedImage } from './image-encoder.js';

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
}

/**
 * Predicts the next token of captions of one picture, for several captions (rows) at once.
 *
 * The state is opaque: a search only passes it on, reorders it and drops it. It holds `(h, c)` for an LSTM and
 * key-value caches for a Transformer.
 *
 * Contract:
 * - `start` gives a state of one row that has taken in nothing yet.
 * - `step` takes one token a row and leaves the state it was given usable (states are values, not places).
 * - A row's logits depend only on its own tokens and the picture, not on the other rows.
 * - Calls may overlap.
 */
export interface CaptionDecoder<State = unknown> {
  /** Number of tokens that `logits` scores. */
  readonly vocabularySize: number;
  /** The most tokens, the start tokens included, that a row can take in. */
  readonly maxPositions: number;
  /** The state before the first token. */
  start(image: EncodedImage): State;
  /**
   * Reads one token in each row.
   * @param tokenIds one id a row, each from 0 to `vocabularySize − 1`
   * @throws RuntimeError where the runtime fails
   */
  step(state: State, tokenIds: readonly number[]): Promise<DecoderStep<State>>;
  /**
   * A state whose row `i` is row `parents[i]` of the given one. The number of rows may grow or shrink.
   * Parts that no row changes (the picture) are shared, never copied.
   */
  reorder(state: State, parents: readonly number[]): State;
}
