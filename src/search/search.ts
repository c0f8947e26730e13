import type { CaptionDecoder, EncodedImage } from '../core/index.js';
import { createBeamSearch } from './beam-search.js';
import { createGreedySearch } from './greedy-search.js';
import type { Hypothesis } from './hypothesis.js';
import type { SearchOptions, SearchSettings } from './options.js';
import { resolveSearchOptions } from './resolve-options.js';
import { runSearch } from './run-search.js';
import type { CreateSearchStrategy } from './strategy.js';

/**
 * Finds the likeliest captions of a picture: greedily with one beam, by beam search with more.
 *
 * @param decoder what scores next tokens
 * @param image what the model's encoder gave
 * @returns captions by falling score, at most `numCaptions`, at least one. Where none came to its end before
 *   `maxLength`, the best unfinished ones, with `isFinished` false.
 * @throws InvalidArgumentError that names an option that is unknown, wrong, or leaves no token to choose from;
 *   ModelMismatchError where the decoder's outputs have the wrong size; RuntimeError where it fails or gives NaN;
 *   the abort reason
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
  return prepareSearch(decoder, options)(image);
}

/**
 * {@link search} in two parts: options are checked now, so that a wrong one costs no picture's reading and encoding.
 *
 * @returns searches one picture; may be called again and again
 * @throws InvalidArgumentError that names an option that is unknown or wrong
 */
export function prepareSearch<State>(
  decoder: CaptionDecoder<State>,
  options: SearchOptions,
): (image: EncodedImage) => Promise<Hypothesis[]> {
  const settings = resolveSearchOptions(options, decoder);
  return (image) => runSearch(decoder, image, settings, chooseStrategy(settings)(settings));
}

function chooseStrategy({ numBeams }: SearchSettings): CreateSearchStrategy {
  return numBeams === 1 ? createGreedySearch : createBeamSearch;
}
