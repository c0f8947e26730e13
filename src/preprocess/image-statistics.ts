import type { ImageSpec } from '../core/image-spec.js';
import type { Tensor } from '../core/tensor.js';

/** What tells pictures of nothing from photographs: both are 0 in 98 of 100 photographs. */
export interface ImageStatistics {
  /** How much less contrast it has than photographs do (a blank wall): 1 where half as much, 2 where a quarter, at most 6.7. */
  readonly blankness: number;
  /**
   * How much more alike its parts are than those of photographs (noise, a page of text): 1 where they differ half as much, 2
   * where a quarter, at most 7.7.
   */
  readonly uniformity: number;
}

/** Rows, and columns, of the parts that are held against each other. */
const PARTS = 8;
/** RMS contrast, pixels on 0 … 1: 99 in 100 training photographs have more. */
const LEAST_CONTRAST = 0.1;
/** Share of a picture's variance that lies between its parts, and not within them: 99 in 100 training photographs have more. */
const LEAST_SHARE = 0.2;
/** Where nothing is left to tell of: contrast below a fourth of one step of a byte. */
const NOTHING = 1e-3;

/**
 * Sums up a picture as the encoder is about to see it.
 *
 * @param pixelValues float32 `[1, 3, height, width]`, as `toPixelValues` gives them
 * @param spec that they were made by
 */
export function imageStatistics({ data }: Tensor<'float32'>, spec: ImageSpec): ImageStatistics {
  const { width, height, std, rescaleFactor = 1 / 255 } = spec;
  const plane = width * height;
  const columnOf = Uint8Array.from({ length: width }, (_, x) => Math.floor((x * PARTS) / width));
  let total = 0;
  let between = 0;
  for (const channel of [0, 1, 2] as const) {
    const sums = new Float64Array(PARTS * PARTS);
    const counts = new Float64Array(PARTS * PARTS);
    let squares = 0;
    for (let y = 0, i = channel * plane; y < height; y++) {
      const row = Math.floor((y * PARTS) / height) * PARTS;
      for (let x = 0; x < width; x++, i++) {
        const value = data[i]!;
        const part = row + columnOf[x]!;
        sums[part]! += value;
        counts[part]! += 1;
        squares += value * value;
      }
    }
    const mean = sums.reduce((sum, value) => sum + value, 0) / plane;
    const unit = (std[channel] / (rescaleFactor * 255)) ** 2; // brings variances to pixels on 0 … 1
    total += unit * (squares / plane - mean * mean);
    between +=
      unit * sums.reduce((sum, value, part) => sum + value * ratio(value, counts[part]!), -plane * mean * mean);
  }
  const contrast = Math.sqrt(Math.max(total, 0) / 3);
  const share = contrast > NOTHING ? between / plane / total : 1;
  return { blankness: octavesBelow(LEAST_CONTRAST, contrast), uniformity: octavesBelow(LEAST_SHARE, share) };
}

/** How often `value`, taken as no less than {@link NOTHING}, must be doubled to come to `least`; 0 where it is there. */
function octavesBelow(least: number, value: number): number {
  return Math.max(0, Math.log2(least / Math.max(value, NOTHING)));
}

/** 0 for a part without pixels, which pictures of fewer than 8 rows or columns have. */
function ratio(sum: number, count: number): number {
  return count === 0 ? 0 : sum / count;
}
