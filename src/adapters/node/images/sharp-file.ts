import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { CaptioneerError, ImageUnreadableError } from '../../../core/index.js';
import { composite } from '../../shared/images/composite.js';
import { checkSize, type SizeLimits } from '../../shared/images/image-limits.js';
import type { Pixels } from '../../shared/images/pixels.js';
import { undecodable } from '../../shared/images/undecodable.js';
import { loadSharp } from './load-sharp.js';
import { isSrgbProfile } from './srgb-profile.js';

/** The limits that an image is decoded under. */
export interface DecodeLimits extends SizeLimits {
  readonly imageTimeoutMs: number;
  /** Least pixels of the shorter side of a JPEG that is shrunk while it is decoded; undefined: none is. */
  readonly shrinkToSide?: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A file that sharp reads; its header is read, and its size is within the limits. */
export interface SharpFile {
  readonly bytes: Uint8Array;
  /** For messages. */
  readonly name: string;
  /** Opens the file again, for one pipeline. */
  readonly open: (options?: SharpOptions) => Sharp;
  readonly header: Metadata;
  readonly limits: DecodeLimits;
}

/** sharp's timeout, in seconds, is at most an hour. */
const MAX_TIMEOUT_S = 3600;

/** @throws ImageUnreadableError, ImageTooLargeError; RuntimeError if sharp is missing */
export async function openFile(bytes: Uint8Array, name: string, limits: DecodeLimits): Promise<SharpFile> {
  const sharp = await loadSharp();
  const { imageTimeoutMs } = limits;
  const seconds = Number.isFinite(imageTimeoutMs) ? Math.min(Math.ceil(imageTimeoutMs / 1000), MAX_TIMEOUT_S) : 0;
  // The size is checked here, so that the error is ours; sharp's own limit would come first for a large maxPixels.
  const input: SharpOptions = { failOn: 'error', limitInputPixels: false, sequentialRead: true, autoOrient: true };
  const open = (options?: SharpOptions): Sharp => sharp(bytes, { ...input, ...options }).timeout({ seconds });
  const header = await orUndecodable(bytes, name, () => open().metadata());
  checkSize(header, name, limits);
  return { bytes, name, open, header, limits };
}

/** Does something with a file; what the decoder throws is told by {@link undecodable}. */
export async function orUndecodable<T>(bytes: Uint8Array, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw CaptioneerError.isInstance(error) ? error : undecodable(bytes, name, error);
  }
}

/** @param isTagged whether something else than the ICC profile describes the colours */
export function decodeColours({ header, open, name, limits }: SharpFile, isTagged = false): Promise<Pixels> {
  const ignoreIcc = isTagged || (header.icc !== undefined && isSrgbProfile(header.icc));
  const image = shrunk(open({ ignoreIcc }), header, limits.shrinkToSide);
  // sharp converts 16-bit colours with a profile to Display P3 and leaves them there; so make them 8-bit sRGB first.
  const isDeep = header.depth === 'ushort' && header.icc !== undefined;
  return pixelsOf(isDeep ? image.pipelineColourspace('srgb') : image, name);
}

/**
 * Lets libjpeg decode a large JPEG at a half, a quarter or an eighth of its size (by fewer coefficients of each block). sharp does so when
 * it resizes; to exactly that size nothing is left to resize.
 */
function shrunk(image: Sharp, { format, autoOrient }: Metadata, toSide: number | undefined): Sharp {
  const { width, height } = autoOrient;
  if (toSide === undefined || format !== 'jpeg') return image;
  const factor = [8, 4, 2].find((each) => Math.min(width, height) / each >= toSide);
  if (factor === undefined) return image;
  return image.resize(Math.ceil(width / factor), Math.ceil(height / factor), { fit: 'fill', fastShrinkOnLoad: true });
}

/** Whether a file holds inks of 8 bits that no profile describes. */
export function isPlainCmyk(header: Metadata): boolean {
  return header.space === 'cmyk' && header.channels === 4 && header.depth === 'uchar' && header.icc === undefined;
}

/** `(255 − ink) × (255 − black) / 255` is what the inverted inks are on a black background, with that of black as their alpha. */
export async function decodeCmyk({ open, name, limits }: SharpFile): Promise<Pixels> {
  const inverted = await pixelsOf(open().pipelineColourspace('cmyk').toColourspace('cmyk').negate(), name);
  return { ...(await composite(inverted, [0, 0, 0], limits.signal)), channels: 3 };
}

/** What a decoder warns of if some of the pixels are not those of the file. */
const DAMAGE =
  /premature end|bad Huffman code|instead of RST|Invalid frame data|Inconsistent progression|Corrupt JPEG data: bad/i;

/**
 * Runs a pipeline.
 *
 * @param depth of a sample in the result; floats are 32 bits wide
 * @throws ImageUnreadableError if the decoder reports damage
 */
export async function pixelsOf(image: Sharp, name: string, depth: 'uchar' | 'float' = 'uchar'): Promise<Pixels> {
  let damage: string | undefined;
  image.on('warning', (warning: string) => {
    damage ??= warning.split('\n').find((line) => DAMAGE.test(line));
  });
  const { data, info } = await image.raw({ depth }).toBuffer({ resolveWithObject: true });
  if (damage !== undefined) throw damaged(name, damage.trim());
  // Without Buffer's own idea of `slice` and `toString`.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { data: bytes, width: info.width, height: info.height, channels: info.channels };
}

function damaged(name: string, warning: string): ImageUnreadableError {
  const what = /premature end/i.test(warning) ? 'cut short' : 'damaged';
  return new ImageUnreadableError(name, `${name}: the image is ${what} (${warning}). Copy or download it again.`);
}
