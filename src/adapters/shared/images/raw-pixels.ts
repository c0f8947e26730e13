import { InvalidArgumentError } from '../../../core/index.js';
import { isUint8Array, tagOf } from '../byte-arrays.js';
import { checkSize, type SizeLimits } from './image-limits.js';
import type { Pixels } from './pixels.js';

/**
 * Pixels that are decoded already: 8 bits a channel, row by row from the top left, no padding. One channel is grey, two
 * are grey and alpha, three are red, green and blue, four have alpha as well; alpha is straight, not premultiplied.
 *
 * The library's own `RawImage`, the browser's `ImageData`, Jimp's `bitmap` and the output of pngjs are of this form.
 */
export interface RawPixels {
  /** `height × width × channels` bytes. They are not copied: leave them unchanged until the call is over. */
  readonly data: Uint8Array | Uint8ClampedArray;
  /** Width in pixels, at least 1. */
  readonly width: number;
  /** Height in pixels, at least 1. */
  readonly height: number;
  /** Channels of a pixel. Default: what the length of `data` says. */
  readonly channels?: 1 | 2 | 3 | 4 | undefined;
}

/** {@link RawPixels} with the shape of an array, as NumPy, Pillow and ndarray have it. */
export interface PixelArray {
  /** `height × width × channels` bytes. */
  readonly data: Uint8Array | Uint8ClampedArray;
  /** `[height, width]` or `[height, width, channels]`. */
  readonly shape: readonly number[];
}

/** {@link RawPixels} as sharp's `raw().toBuffer({ resolveWithObject: true })` gives them. */
export interface SharpOutput {
  readonly data: Uint8Array;
  readonly info: { readonly width: number; readonly height: number; readonly channels?: 1 | 2 | 3 | 4 };
}

/** The forms that decoded pixels are taken in. */
export type RawImageSource = RawPixels | PixelArray | SharpOutput;

/**
 * Raw pixels, checked.
 *
 * @throws InvalidArgumentError if sizes and bytes do not fit together; ImageTooLargeError
 */
export function checkRawPixels(source: RawImageSource, limits: SizeLimits): Pixels {
  const { data, width, height, channels: given } = fieldsOf(source);
  if (!isUint8Array(data) && tagOf(data) !== 'Uint8ClampedArray') {
    throw new InvalidArgumentError('image', 'Raw pixels must be a Uint8Array or Uint8ClampedArray, 8 bits a channel.');
  }
  if (!isSize(width) || !isSize(height)) {
    throw new InvalidArgumentError(
      'image',
      `Raw pixels must be at least 1×1 in whole numbers, not ${width}×${height}.`,
    );
  }
  checkSize({ width, height }, 'raw pixels', limits);
  const channels = given ?? data.length / (width * height);
  if (!isChannels(channels) || data.length !== width * height * channels) {
    const what = given === undefined ? '1 to 4' : String(given);
    throw new InvalidArgumentError(
      'image',
      `Raw pixels of ${width}×${height} with ${what} channels (1 to 4) do not fit in ${data.length} bytes.`,
    );
  }
  return { data, width, height, channels };
}

type Fields = Omit<RawPixels, 'channels'> & { readonly channels?: number | undefined };

function fieldsOf(source: RawImageSource): Fields {
  if ('info' in source) return { data: source.data, ...source.info };
  if (!('shape' in source)) return source;
  const [height = 0, width = 0, channels = 1] = Array.isArray(source.shape) ? (source.shape as number[]) : [];
  return { data: source.data, width, height, channels };
}

function isSize(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1;
}

function isChannels(value: number): value is 1 | 2 | 3 | 4 {
  return value === 1 || value === 2 || value === 3 || value === 4;
}
