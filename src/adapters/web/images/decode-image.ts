import type { RawImage } from '../../../core/index.js';
import { composite } from '../../shared/images/composite.js';
import type { ResolvedDecodeOptions } from '../../shared/images/decode-options.js';
import type { DecodeQueue } from '../../shared/images/decode-queue.js';
import type { ImageLimits } from '../../shared/images/image-limits.js';
import type { Pixels } from '../../shared/images/pixels.js';
import { checkRawPixels } from '../../shared/images/raw-pixels.js';
import { readImage } from '../../shared/images/read-image.js';
import { FETCH_ADVICE } from '../advice.js';
import { decodeDrawable, decodeFile } from './decode-file.js';
import { imageSource, type WebImageSource } from './image-source.js';

/**
 * The way of an image, in five stops: what form it comes in (`image-source`), its bytes (`read-image`), what they are (`image-format`),
 * their pixels (`decode-file`), and these on a background (`composite`).
 *
 * @throws ImageUnreadableError, ImageTooLargeError, FetchError, InvalidArgumentError, or the abort reason
 */
export async function decodeImage(
  given: WebImageSource,
  options: ResolvedDecodeOptions,
  limits: ImageLimits,
  queue: DecodeQueue,
): Promise<RawImage> {
  const pixels = await pixelsOf(given, options, limits, queue);
  options.signal?.throwIfAborted();
  return composite(pixels, options.background, options.signal);
}

async function pixelsOf(
  given: WebImageSource,
  options: ResolvedDecodeOptions,
  limits: ImageLimits,
  queue: DecodeQueue,
): Promise<Pixels> {
  const { maxPixels, signal } = options;
  const decoding = { ...limits, maxPixels, signal };
  const source = imageSource(given);
  const { name } = source;
  signal?.throwIfAborted();
  switch (source.kind) {
    case 'pixels':
      return checkRawPixels(source.pixels, decoding);
    case 'drawable':
      return queue.run(name, () => decodeDrawable(source, decoding), signal);
    default: {
      const bytes = await readImage(source, { ...options, maxBytes: limits.maxImageBytes, advice: FETCH_ADVICE });
      return queue.run(name, () => decodeFile(bytes, name, decoding), signal);
    }
  }
}
