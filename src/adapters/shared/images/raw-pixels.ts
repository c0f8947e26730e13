import { ImageTooLargeError, InvalidArgumentError, type RawImage } from '../../../core/index.js';
import { isUint8Array, tagOf } from '../byte-arrays.js';
import { toRgb } from './to-rgb.js';

/**
 * Pixels that are decoded already: 8 bits a channel, row by row from the top left, no padding. One channel is grey, two
 * are grey and alpha, three are red, green and blue, four have alpha as well; alpha is straight, not premultiplied.
 *
 * The library's own `RawImage`, the browser's `ImageData` and sharp's raw output are of this form.
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

/**
 * Raw pixels as RGB.
 *
 * @throws InvalidArgumentError where sizes and bytes do not fit together; ImageTooLargeError
 */
export function decodeRawPixels(
  pixels: RawPixels,
  maxPixels: number,
  background: readonly [number, number, number],
): RawImage {
  const { data, width, height } = pixels;
  if (!isUint8Array(data) && tagOf(data) !== 'Uint8ClampedArray') {
    throw new InvalidArgumentError('image', 'Raw pixels must be a Uint8Array or Uint8ClampedArray, 8 bits a channel.');
  }
  if (!isSize(width) || !isSize(height)) {
    throw new InvalidArgumentError(
      'image',
      `Raw pixels must be at least 1×1 in whole numbers, not ${width}×${height}.`,
    );
  }
  if (width * height > maxPixels) throw new ImageTooLargeError('raw pixels', width, height, maxPixels);
  const channels = pixels.channels ?? data.length / (width * height);
  if (!isChannels(channels) || data.length !== width * height * channels) {
    const given = pixels.channels === undefined ? '1 to 4' : String(pixels.channels);
    throw new InvalidArgumentError(
      'image',
      `Raw pixels of ${width}×${height} with ${given} channels (1 to 4) do not fit in ${data.length} bytes.`,
    );
  }
  return toRgb(data, width, height, channels, background);
}

function isSize(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1;
}

function isChannels(value: number): value is 1 | 2 | 3 | 4 {
  return value === 1 || value === 2 || value === 3 || value === 4;
}
