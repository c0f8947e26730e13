import type { LogitsProcessor } from './logits-processors/index.js';

/**
 * When a beam search ends, with the meanings of `early_stopping` in Hugging Face transformers' `generate`.
 * In all three cases the pool of ended captions must hold `numBeams` of them first.
 *
 * - `true`: as soon as the pool is full.
 * - `false`: when the best running caption, divided by its length so far, cannot beat the worst of the pool. A heuristic:
 *   with a positive `lengthPenalty` a longer caption might still have done so.
 * - `'never'`: when no running caption can beat the worst of the pool at any length up to `maxLength`.
 */
export type EarlyStopping = boolean | 'never';

/**
 * How captions are searched for. Names and meanings follow Hugging Face transformers' `generate`, save that lengths
 * never count the start tokens.
 */
export interface SearchOptions {
  /**
   * Tokens that every caption starts with: read by the decoder one after another, no part of the result. At least one.
   * A start token may be an end token too (GPT-2 checkpoints use 50256 for both); it does not end the caption.
   */
  readonly startTokenIds: readonly number[];
  /** Tokens that end a caption. With none, captions only end at `maxLength`. */
  readonly endTokenIds: readonly number[];
  /** Captions that are kept at each step, 1 … 64. 1 is greedy search: always the likeliest token. Default 1. */
  readonly numBeams?: number;
  /**
   * Captions in the result, 1 … `numBeams`; fewer come only where the search found fewer. With several end tokens the
   * same tokens may come more than once, ended differently. Default 1.
   */
  readonly numCaptions?: number;
  /**
   * Exponent of the length in `score = logProb / length ** lengthPenalty`, any finite number; the length counts the end
   * token. Above 0 favours long captions, below 0 short ones (Wu 2016, transformers' variant). With one beam it changes
   * the score, not the choice. Default 1.
   */
  readonly lengthPenalty?: number;
  /**
   * Fewest tokens before an end token may come, 0 … `maxLength`. The end token itself is not counted, so with
   * `minLength` equal to `maxLength` no caption ends by itself. Default 0.
   */
  readonly minLength?: number;
  /**
   * Most tokens that are generated, the end token included; a caption that has not ended by then is cut. At least 1, and
   * start tokens + `maxLength` − 1 must fit the decoder's `maxPositions` (the last token is never read).
   * Default 50, or what fits.
   */
  readonly maxLength?: number;
  /**
   * No run of so many tokens occurs twice in a row of start and generated tokens; 0 allows all (Paulus 2017). End tokens
   * are never held back by it. Default 0.
   */
  readonly noRepeatNgramSize?: number;
  /** When a beam search ends; it makes no difference with one beam, where the first end is the end. Default `false`. */
  readonly earlyStopping?: EarlyStopping;
  /** Tokens that are never generated. Default none. */
  readonly bannedTokenIds?: readonly number[];
  /** Rules of your own for the scores of next tokens, run in their order after the built-in ones. Default none. */
  readonly logitsProcessors?: readonly LogitsProcessor[];
  /** Looked at before and after each step of the decoder; its reason is thrown untouched. Default none. */
  readonly signal?: AbortSignal;
}

/** {@link SearchOptions}, checked and complete. */
export interface SearchSettings {
  readonly startTokenIds: readonly number[];
  readonly endTokenIds: ReadonlySet<number>;
  readonly numBeams: number;
  readonly numCaptions: number;
  readonly lengthPenalty: number;
  readonly minLength: number;
  readonly maxLength: number;
  readonly noRepeatNgramSize: number;
  readonly earlyStopping: EarlyStopping;
  readonly bannedTokenIds: readonly number[];
  readonly logitsProcessors: readonly LogitsProcessor[];
  readonly signal: AbortSignal | undefined;
}
