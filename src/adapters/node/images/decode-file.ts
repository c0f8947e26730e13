import type { Sharp } from 'sharp';
import { colourSpaceOf } from '../../shared/images/colour/colour-space-of.js';
import { toSrgb } from '../../shared/images/colour/to-srgb.js';
import { imageFormat } from '../../shared/images/image-format.js';
import { checkSize } from '../../shared/images/image-limits.js';
import { checkScans, withEndMarker } from '../../shared/images/jpeg-file.js';
import type { Pixels } from '../../shared/images/pixels.js';
import { tiffHeader } from '../../shared/images/tiff-header.js';
import { checkSamples, decodeTiff } from './decode-tiff.js';
import type { SharpInstance } from './image-source.js';
import {
  decodeCmyk,
  decodeColours,
  isPlainCmyk,
  openFile,
  orUndecodable,
  pixelsOf,
  type DecodeLimits,
  type SharpFile,
} from './sharp-file.js';

/**
 * Decodes the bytes of an image file: upright, in sRGB, 8 bits a channel, straight alpha.
 *
 * - Colours are converted to sRGB as the embedded ICC profile says, or as the tags of PNG and AVIF do. Without any of these they are
 *   taken for sRGB; CMYK without a profile is converted by `(255 − ink) × (255 − black) / 255`, as browsers do.
 * - 16 bits become 8 by their high byte.
 * - Of an animation, the first frame.
 * - Damage is an error, never a half-grey image; so is what the decoder merely warns of, if pixels are wrong then.
 * - Nothing is resized here, since one resampler serves all runtimes; only with `shrinkToSide` a large JPEG is decoded at a part of its size.
 *
 * @param name stands for the image in messages
 * @throws ImageUnreadableError, ImageTooLargeError; RuntimeError if sharp is missing
 */
export async function decodeFile(bytes: Uint8Array, name: string, limits: DecodeLimits): Promise<Pixels> {
  const format = imageFormat(bytes, name);
  if (format === 'HEIC') return (await import('./decode-heic.js')).decodeHeic(bytes, name, limits);
  if (format === 'JPEG') checkScans(bytes, name);
  const tiff = format === 'TIFF' ? tiffHeader(bytes) : undefined;
  if (tiff) checkSamples(tiff, name);
  const file = await openFile(format === 'AVIF' ? asStillAvif(bytes) : bytes, name, limits);
  return orUndecodable(bytes, name, async () => {
    if (tiff) return decodeTiff(file, tiff);
    if (isPlainCmyk(file.header)) return decodeCmyk(file);
    if (format === 'JPEG') return decodeJpeg(file);
    const colours = format === 'PNG' || format === 'AVIF' ? colourSpaceOf(bytes, format) : undefined;
    if (colours === undefined) return decodeColours(file);
    return toSrgb(await decodeColours(file, true), colours, limits.signal);
  });
}

/**
 * An animated AVIF holds a still image too, its first frame. The decoder reads that, but not the brand `avis` before it.
 */
function asStillAvif(bytes: Uint8Array): Uint8Array {
  if (String.fromCharCode(...bytes.subarray(8, 12)) !== 'avis') return bytes;
  const still = new Uint8Array(bytes);
  still[11] = 'f'.charCodeAt(0);
  return still;
}

/** A JPEG that is complete but for its end marker, as webcams and phones' panoramas write them, is decoded too. */
async function decodeJpeg(file: SharpFile): Promise<Pixels> {
  try {
    return await decodeColours(file);
  } catch (error) {
    if (!/premature end of JPEG/i.test(String(error))) throw error;
    // The decoder warns if more than the marker is missing.
    return decodeColours(await openFile(withEndMarker(file.bytes), file.name, file.limits));
  }
}

/**
 * The result of a pipeline of sharp, upright, whichever copy of the package it is of.
 *
 * @throws ImageUnreadableError, ImageTooLargeError
 */
export async function decodeSharp(given: SharpInstance, limits: DecodeLimits): Promise<Pixels> {
  const name = 'sharp';
  return orUndecodable(new Uint8Array(0), name, async () => {
    const { width = 1, height = 1 } = await given.metadata();
    checkSize({ width, height }, name, limits);
    const image = given.clone() as Sharp;
    // Before version 0.34 it had another name.
    const upright = 'autoOrient' in image ? image.autoOrient() : (image as Sharp).rotate();
    const pixels = await pixelsOf(upright.toColourspace('srgb'), name);
    checkSize(pixels, name, limits);
    return pixels;
  });
}
