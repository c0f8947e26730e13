import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { CaptioneerError, ImageTooLargeError, type RawImage } from '../../../core/index.js';
import { pictureFormat } from '../../shared/images/picture-format.js';
import { toRgb } from '../../shared/images/to-rgb.js';
import { undecodable } from '../../shared/images/undecodable.js';
import { loadSharp } from './load-sharp.js';
import { isSrgbProfile } from './srgb-profile.js';

type Background = readonly [number, number, number];

/**
 * Decodes the bytes of a picture file: upright, in sRGB, 8 bits a channel, alpha composited.
 *
 * - Colours are converted to sRGB as the embedded ICC profile says, as browsers do. Without a profile they are taken for
 *   sRGB; CMYK without a profile is converted by `(255 − ink) × (255 − black) / 255`, again as browsers do.
 * - 16 bits become 8 by their high byte.
 * - Of an animation, the first frame.
 * - Damage is an error, never a half-grey picture. What decoders only warn of is let pass.
 * - Nothing is resized here, not even by a decoder's own shrinking: one resampler serves all runtimes.
 *
 * @param name stands for the picture in messages
 * @throws ImageUnreadableError, ImageTooLargeError; RuntimeError where sharp is missing
 */
export async function decodePicture(
  bytes: Uint8Array,
  name: string,
  maxPixels: number,
  background: Background,
): Promise<RawImage> {
  const file = pictureFormat(bytes, name) === 'AVIF' ? asStillAvif(bytes) : bytes;
  const sharp = await loadSharp();
  try {
    // The size is checked here, so that the error is ours; sharp's own limit would come first for large maxPixels.
    const input: SharpOptions = { failOn: 'error', limitInputPixels: false, sequentialRead: true, autoOrient: true };
    const header = await sharp(file, input).metadata();
    const { width, height } = header;
    if (width * height > maxPixels) throw new ImageTooLargeError(name, width, height, maxPixels);
    if (isPlainCmyk(header)) return await decodeCmyk(sharp(file, input));
    const ignoreIcc = header.icc !== undefined && isSrgbProfile(header.icc);
    return await decodeColours(sharp(file, { ...input, ignoreIcc }), header, background);
  } catch (error) {
    throw CaptioneerError.isInstance(error) ? error : undecodable(bytes, name, error);
  }
}

/**
 * An animated AVIF holds a still picture too, its first frame. The decoder reads that, but not the brand `avis` before it.
 */
function asStillAvif(bytes: Uint8Array): Uint8Array {
  if (String.fromCharCode(...bytes.subarray(8, 12)) !== 'avis') return bytes;
  const still = new Uint8Array(bytes);
  still[11] = 'f'.charCodeAt(0);
  return still;
}

async function decodeColours(image: Sharp, header: Metadata, background: Background): Promise<RawImage> {
  // sharp converts 16-bit colours with a profile to Display P3 and leaves them there; so make them 8-bit sRGB first.
  const pipeline = header.depth === 'ushort' && header.icc !== undefined ? image.pipelineColourspace('srgb') : image;
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  return toRgb(asBytes(data), info.width, info.height, info.channels, background);
}

function isPlainCmyk(header: Metadata): boolean {
  return header.space === 'cmyk' && header.channels === 4 && header.depth === 'uchar' && header.icc === undefined;
}

async function decodeCmyk(image: Sharp): Promise<RawImage> {
  const inks = image.pipelineColourspace('cmyk').toColourspace('cmyk').raw();
  const { data, info } = await inks.toBuffer({ resolveWithObject: true }); // [height, width, 4], 255 is full ink
  const rgb = new Uint8Array(info.width * info.height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const paper = 255 - (data[from + 3] as number);
    rgb[to] = ((255 - (data[from] as number)) * paper + 127) / 255;
    rgb[to + 1] = ((255 - (data[from + 1] as number)) * paper + 127) / 255;
    rgb[to + 2] = ((255 - (data[from + 2] as number)) * paper + 127) / 255;
  }
  return { data: rgb, width: info.width, height: info.height };
}

/** Without Buffer's own idea of `slice` and `toString`. */
function asBytes(data: Buffer): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
