import type { RawImage } from '../../../core/index.js';
import { composite } from '../../shared/images/composite.js';
import type { ResolvedDecodeOptions } from '../../shared/images/decode-options.js';
import type { DecodeQueue } from '../../shared/images/decode-queue.js';
import type { ImageLimits } from '../../shared/images/image-limits.js';
import type { Pixels } from '../../shared/images/pixels.js';
import { checkRawPixels } from '../../shared/images/raw-pixels.js';
import { decodeFile, decodeSharp } from './decode-file.js';
import { imageSource, type NodeImageSource } from './image-source.js';
import { readImage } from './read-image.js';

/**
 * The way of an image, in five stops: what form it comes in (`image-source`), its bytes (`read-image`), what they are (`image-format`),
 * their pixels (`decode-file`), and these on a background (`composite`).
 *
 * @throws ImageUnreadableError, ImageTooLargeError, FetchError, InvalidArgumentError, or the abort reason
 */
export async function decodeImage(
  given: NodeImageSource,
  options: ResolvedDecodeOptions,
  limits: ImageLimits,
  queue: DecodeQueue,
): Promise<RawImage> {
  const pixels = await pixelsOf(given, options, limits, queue);
  options.signal?.throwIfAborted();
  return composite(pixels, options.background, options.signal);
}

async function pixelsOf(
  given: NodeImageSource,
  options: ResolvedDecodeOptions,
  limits: ImageLimits,
  queue: DecodeQueue,
): Promise<Pixels> {
  const { maxPixels, shrinkToSide, signal } = options;
  const { maxImageBytes: maxBytes, allowPrivateNetworks } = limits;
  const decoding = { ...limits, maxPixels, shrinkToSide, signal };
  const source = imageSource(given);
  const { name } = source;
  if (source.kind === 'pixels') {
    signal?.throwIfAborted();
    return checkRawPixels(source.pixels, decoding);
  }
  if (source.kind === 'sharp') return queue.run(name, () => decodeSharp(source.image, decoding), signal);
  const bytes = await readImage(source, { ...options, maxBytes }, allowPrivateNetworks);
  return queue.run(name, () => decodeFile(bytes, name, decoding), signal);
}
