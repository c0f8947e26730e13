import type { ImageSpec } from '../core/image-spec.js';
import type { RawImage } from '../core/raw-image.js';
import { float32Tensor, type Tensor } from '../core/tensor.js';
import { fitToSpec } from './fit.js';

/**
 * Turns a picture into the pixel values that a model's encoder takes.
 *
 * Resizes by the spec's rule, then normalises each byte to `(byte × rescaleFactor − mean[c]) / std[c]`. The same
 * picture gives the same values on every runtime.
 *
 * @param image - the picture, 8-bit RGB; it is not changed
 * @param spec - what the model wants; see `ImageSpec` for units and defaults
 * @returns float32 `[1, 3, spec.height, spec.width]`: all of red, then green, then blue
 * @throws InvalidArgumentError if a size is not a whole number of at least 1, the data's length does not fit the
 *   picture's sides, or a field of the spec is out of range or not used by its resize rule
 *
 * @example
 * ```ts
 * const pixelValues = toPixelValues(picture, {
 *   width: 224,
 *   height: 224,
 *   resize: 'squash',
 *   resample: 'bilinear',
 *   mean: [0.5, 0.5, 0.5],
 *   std: [0.5, 0.5, 0.5],
 * });
 * ```
 */
export function toPixelValues(image: RawImage, spec: ImageSpec): Tensor<'float32'> {
  return normalize(fitToSpec(image, spec), spec);
}

/**
 * The second half of {@link toPixelValues}: normalises the bytes of an image that has the spec's size already.
 *
 * @param fitted - what `fitToSpec` returned for this spec
 * @returns float32 `[1, 3, spec.height, spec.width]`
 */
export function normalize({ data }: RawImage, spec: ImageSpec): Tensor<'float32'> {
  const plane = spec.width * spec.height;
  const values = new Float32Array(3 * plane); // [3, height, width]
  for (const channel of [0, 1, 2] as const) {
    const table = valueOfByte(spec, channel);
    const offset = channel * plane;
    for (let i = 0, p: number = channel; i < plane; i++, p += 3) values[offset + i] = table[data[p]!]!;
  }
  return float32Tensor(values, [1, 3, spec.height, spec.width]);
}

/** The normalised value of each byte in one channel. `[256]` */
function valueOfByte(spec: ImageSpec, channel: 0 | 1 | 2): Float32Array {
  const rescaleFactor = spec.rescaleFactor ?? 1 / 255;
  const mean = spec.mean[channel];
  const std = spec.std[channel];
  return Float32Array.from({ length: 256 }, (_, byte) => (byte * rescaleFactor - mean) / std);
}
