import { CaptioneerError, ImageTooLargeError, ImageUnreadableError, type RawImage } from '../../../core/index.js';
import type { ResolvedDecodeOptions } from '../../shared/images/decode-options.js';
import { pictureFormat } from '../../shared/images/picture-format.js';
import { undecodable } from '../../shared/images/undecodable.js';
import { bitmapPixels } from './bitmap-pixels.js';
import type { DrawableSource } from './source-kind.js';
import { pictureSize } from './picture-size.js';
import { turnUpright } from './turn-upright.js';
import { takeWebpOrientation } from './webp-orientation.js';

type Limits = Pick<ResolvedDecodeOptions, 'maxPixels' | 'background'>;

/** Upright, in sRGB, with straight alpha. */
const BITMAP: ImageBitmapOptions = {
  imageOrientation: 'from-image',
  colorSpaceConversion: 'default',
  premultiplyAlpha: 'none',
};

/**
 * Decodes the bytes of a picture file by the browser's own decoders: upright, in sRGB, 8 bits a channel, alpha composited.
 *
 * @param name stands for the picture in messages
 * @throws ImageUnreadableError, ImageTooLargeError
 */
export async function decodePicture(bytes: Uint8Array, name: string, limits: Limits): Promise<RawImage> {
  pictureFormat(bytes, name); // for its errors: the browser's say nothing
  const header = pictureSize(bytes);
  if (header) checkSize(header, name, limits);
  const { bytes: file, orientation } = takeWebpOrientation(bytes);
  const blob = new Blob([file as Uint8Array<ArrayBuffer>]);
  return turnUpright(await pixelsOf(blob, name, limits, (error) => undecodable(bytes, name, error)), orientation);
}

/**
 * The pixels of what the browser can draw.
 *
 * @throws ImageUnreadableError, ImageTooLargeError
 */
export function decodeDrawable({ image, name }: DrawableSource, limits: Limits): Promise<RawImage> {
  return pixelsOf(image, name, limits, (error) => undrawable(name, error));
}

async function pixelsOf(
  source: Blob | DrawableSource['image'],
  name: string,
  limits: Limits,
  explain: (error: unknown) => ImageUnreadableError,
): Promise<RawImage> {
  let bitmap: ImageBitmap | undefined;
  try {
    if ('decode' in source) await source.decode(); // an <img>, which may still be loading
    bitmap = await createImageBitmap(source, BITMAP);
    checkSize(bitmap, name, limits);
    return bitmapPixels(bitmap, limits.background);
  } catch (error) {
    throw CaptioneerError.isInstance(error) ? error : explain(error);
  } finally {
    bitmap?.close();
  }
}

function checkSize({ width, height }: { width: number; height: number }, name: string, { maxPixels }: Limits): void {
  if (width * height > maxPixels) throw new ImageTooLargeError(name, width, height, maxPixels);
}

function undrawable(name: string, cause: unknown): ImageUnreadableError {
  const { name: kind, message } = cause as Partial<Error>;
  const advice =
    kind === 'SecurityError'
      ? 'It holds a picture of another origin: load that with the attribute crossorigin, from a server that allows it.'
      : 'Give one that is loaded, open and not empty.';
  return new ImageUnreadableError(
    name,
    `${name}: the browser gave no pixels (${message ?? String(cause)}). ${advice}`,
    {
      cause,
    },
  );
}
