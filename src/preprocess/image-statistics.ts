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
  const columns = bounds(width);
  let total = 0;
  let between = 0;
  for (const channel of [0, 1, 2] as const) {
    const sums = new Float64Array(PARTS * PARTS);
    let squares = 0;
    for (let y = 0; y < height; y++) {
      const first = channel * plane + y * width;
      const row = Math.floor((y * PARTS) / height) * PARTS;
      for (let column = 0; column < PARTS; column++) {
        const end = first + columns[column + 1]!;
        let sum = 0;
        for (let i = first + columns[column]!; i < end; i++) {
          const value = data[i]!;
          sum += value;
          squares += value * value;
        }
        sums[row + column]! += sum;
      }
    }
    const mean = sums.reduce((sum, value) => sum + value, 0) / plane;
    const unit = (std[channel] / (rescaleFactor * 255)) ** 2; // brings variances to pixels on 0 … 1
    total += unit * (squares / plane - mean * mean);
    between += unit * (squaresOfParts(sums, bounds(height), columns) / plane - mean * mean);
  }
  const contrast = Math.sqrt(Math.max(total, 0) / 3);
  const share = contrast > NOTHING ? between / total : 1;
  return { blankness: octavesBelow(LEAST_CONTRAST, contrast), uniformity: octavesBelow(LEAST_SHARE, share) };
}

/** How often `value`, taken as no less than {@link NOTHING}, must be doubled to come to `least`; 0 where it is there. */
function octavesBelow(least: number, value: number): number {
  return Math.max(0, Math.log2(least / Math.max(value, NOTHING)));
}

/** Where the parts of a side begin, in pixels, and the last one ends; some are empty where there are fewer than eight. */
function bounds(side: number): number[] {
  return Array.from({ length: PARTS + 1 }, (_, part) => Math.ceil((part * side) / PARTS));
}

/** Σ pixels of a part × the square of its mean, over parts that have pixels. */
function squaresOfParts(sums: Float64Array, rows: readonly number[], columns: readonly number[]): number {
  return sums.reduce((total, sum, part) => {
    const row = Math.floor(part / PARTS);
    const column = part % PARTS;
    const pixels = (rows[row + 1]! - rows[row]!) * (columns[column + 1]! - columns[column]!);
    return pixels === 0 ? total : total + sum ** 2 / pixels;
  }, 0);
}
