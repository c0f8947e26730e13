import type { TokenHistory } from './logits-processors/index.js';

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
   * Whether a caption ends here. It is asked of each candidate, its newest token included, and its answer must depend on
   * the argument only. A caption that it ends keeps all its tokens and counts as not finished by itself.
   */
  shouldStop(history: TokenHistory): boolean;
}
