import type { RawImage } from '../../../core/index.js';
import { untilAborted } from '../../../core/until-aborted.js';
import type { ResolvedDecodeOptions } from '../../shared/images/decode-options.js';
import { decodeRawPixels } from '../../shared/images/raw-pixels.js';
import { readPicture } from '../../shared/images/read-picture.js';
import { FETCH_ADVICE } from '../advice.js';
import { decodeDrawable, decodePicture } from './decode-picture.js';
import type { WebImageSource } from './image-source.js';
import { sourceKind } from './source-kind.js';

/**
 * Decodes a picture in whichever form it comes.
 *
 * @param maxBytes most bytes that a file, stream or URL may hold
 * @throws ImageUnreadableError, ImageTooLargeError, FetchError, InvalidArgumentError, or the abort reason
 */
export async function decodeImage(
  source: WebImageSource,
  options: ResolvedDecodeOptions,
  maxBytes: number,
): Promise<RawImage> {
  const { maxPixels, background, signal } = options;
  const kind = sourceKind(source);
  signal?.throwIfAborted();
  // Decoding itself cannot be stopped; an abort only ends the wait for it.
  switch (kind.kind) {
    case 'pixels':
      return decodeRawPixels(kind.pixels, maxPixels, background);
    case 'drawable':
      return untilAborted(decodeDrawable(kind, options), signal);
    default: {
      const bytes = await readPicture(kind, { ...options, maxBytes, advice: FETCH_ADVICE });
      signal?.throwIfAborted();
      return untilAborted(decodePicture(bytes, kind.name, options), signal);
    }
  }
}
