import { ignore } from '../../../async/until-aborted.js';
import { CaptioneerError, ImageUnreadableError } from '../../../core/index.js';
import { colourSpaceOf, withoutColourSpace } from '../../shared/images/colour/colour-space-of.js';
import { imageFormat, USE_COMMON_FORMAT } from '../../shared/images/image-format.js';
import { checkSize, type SizeLimits } from '../../shared/images/image-limits.js';
import { checkScans } from '../../shared/images/jpeg-file.js';
import type { Pixels } from '../../shared/images/pixels.js';
import { undecodable } from '../../shared/images/undecodable.js';
import { bitmapPixels } from './bitmap-pixels.js';
import type { DrawableSource } from './image-source.js';
import { turnUpright } from './turn-upright.js';
import { takeWebpOrientation } from './webp-orientation.js';

/** The limits that an image is decoded under. */
export interface DecodeLimits extends SizeLimits {
  readonly signal: AbortSignal | undefined;
}

/** Upright, in sRGB, with straight alpha. */
const BITMAP: ImageBitmapOptions = {
  imageOrientation: 'from-image',
  colorSpaceConversion: 'default',
  premultiplyAlpha: 'none',
};

/**
 * Decodes the bytes of an image file by the browser's own decoders: upright, in sRGB, 8 bits a channel, straight alpha.
 *
 * Browsers differ in how they bring high dynamic range down; so that of PNG and AVIF is converted here, as it is in Node.
 *
 * @param name stands for the image in messages
 * @throws ImageUnreadableError, ImageTooLargeError
 */
export async function decodeFile(bytes: Uint8Array, name: string, limits: DecodeLimits): Promise<Pixels> {
  const format = imageFormat(bytes, name); // for its errors: the browser's say nothing
  if (format === 'JPEG') checkScans(bytes, name);
  const header = await sizeOf(bytes);
  if (header) checkSize(header, name, limits);
  const explain = (error: unknown): ImageUnreadableError =>
    format === 'HEIC' ? notHere(name, 'a HEIC image', error) : undecodable(bytes, name, error);
  const decode = (file: Uint8Array): Promise<Pixels> =>
    pixelsOf(new Blob([file as Uint8Array<ArrayBuffer>]), name, format === 'JPEG', limits, explain);
  const colours = format === 'PNG' || format === 'AVIF' ? colourSpaceOf(bytes, format) : undefined;
  if (colours?.isHighDynamicRange && (format === 'PNG' || format === 'AVIF')) {
    const { toSrgb } = await import('../../shared/images/colour/to-srgb.js');
    return toSrgb(await decode(withoutColourSpace(bytes, format)), colours, limits.signal);
  }
  const { bytes: file, orientation } = takeWebpOrientation(bytes);
  return turnUpright(await decode(file), orientation);
}

/** Begins to load what reads headers. A failure comes again with the first file. */
export function prepareDecoding(): void {
  loadImageSize().catch(ignore);
}

/** By itself: the page's first scripts do without. */
function loadImageSize(): Promise<typeof import('image-size')> {
  return import('image-size');
}

/** Width and height in pixels that a file's header states, not turned upright; undefined if they were not found. */
async function sizeOf(bytes: Uint8Array): Promise<{ readonly width: number; readonly height: number } | undefined> {
  const { imageSize } = await loadImageSize();
  try {
    return imageSize(bytes);
  } catch {
    return undefined; // A kind that it does not know, or damage: the decoder has the last word.
  }
}

/**
 * The pixels of what the browser can draw.
 *
 * @throws ImageUnreadableError, ImageTooLargeError
 */
export function decodeDrawable({ image, name }: DrawableSource, limits: DecodeLimits): Promise<Pixels> {
  return pixelsOf(image, name, false, limits, (error) => undrawable(name, error));
}

async function pixelsOf(
  source: Blob | DrawableSource['image'],
  name: string,
  isOpaque: boolean,
  limits: DecodeLimits,
  explain: (error: unknown) => ImageUnreadableError,
): Promise<Pixels> {
  let bitmap: ImageBitmap | undefined;
  try {
    if ('decode' in source) await source.decode(); // an <img>, which may still be loading
    bitmap = await createImageBitmap(source, BITMAP);
    checkSize(bitmap, name, limits);
    return await bitmapPixels(bitmap, isOpaque, limits.signal);
  } catch (error) {
    limits.signal?.throwIfAborted();
    throw CaptioneerError.isInstance(error) ? error : explain(error);
  } finally {
    bitmap?.close();
  }
}

function notHere(name: string, what: string, cause: unknown): ImageUnreadableError {
  const message = `${name}: this is ${what}, which this browser does not decode. ${USE_COMMON_FORMAT}`;
  return new ImageUnreadableError(name, message, { cause });
}

function undrawable(name: string, cause: unknown): ImageUnreadableError {
  const { name: kind, message } = cause as Partial<Error>;
  const advice =
    kind === 'SecurityError'
      ? 'It holds an image of another origin: load that with the attribute crossorigin, from a server that allows it.'
      : 'Give one that is loaded, open and not empty.';
  return new ImageUnreadableError(
    name,
    `${name}: the browser gave no pixels (${message ?? String(cause)}). ${advice}`,
    {
      cause,
    },
  );
}
