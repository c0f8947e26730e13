import { drain } from '../async/drain.js';
import type { CaptionDecoder, EncodedImage } from '../core/index.js';
import { resolveSearchOptions } from './options/resolve-options.js';
import { type SearchProgress, runSearch } from './run-search.js';
import { createStrategy } from './strategies/create-strategy.js';
import type { Hypothesis } from './types/hypothesis.js';
import type { SearchOptions } from './types/search-options.js';

/**
 * Finds captions of a picture by the strategy that the options name.
 *
 * @param decoder what scores next tokens
 * @param image what the model's encoder gave
 * @returns captions by falling score, at most `numCaptions`, at least one. Where none came to its end before
 *   `maxLength`, the best unfinished ones, with `isFinished` false.
 * @throws InvalidArgumentError that names an option that is unknown, wrong, contradicts another, or leaves no token to
 *   choose from; ModelMismatchError if the decoder's outputs have the wrong size; RuntimeError if it fails or gives
 *   NaN; the abort reason
 * @example
 * ```ts
 * const [best] = await search(decoder, image, { startTokenIds: [1], endTokenIds: [2], numBeams: 4 });
 * ```
 */
export async function search<State>(
  decoder: CaptionDecoder<State>,
  image: EncodedImage,
  options: SearchOptions,
): Promise<Hypothesis[]> {
  return drain(prepareSearch(decoder, options)(image));
}

/**
 * {@link search} in parts: options are checked now, so that a wrong one costs no picture's reading and encoding.
 *
 * @returns begins the search of one picture; may be called repeatedly. The search advances as its steps are asked for.
 * @throws InvalidArgumentError that names an option that is unknown, wrong or contradicts another
 */
export function prepareSearch<State>(
  decoder: CaptionDecoder<State>,
  options: SearchOptions,
): (image: EncodedImage) => AsyncGenerator<SearchProgress, Hypothesis[], void> {
  const settings = resolveSearchOptions(options, decoder);
  return (image) => runSearch(decoder, image, settings, createStrategy(settings));
}
