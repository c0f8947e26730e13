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
  const parts = partsOf(width, height);
  let total = 0;
  let between = 0;
  for (const channel of [0, 1, 2] as const) {
    const values = data.subarray(channel * plane, (channel + 1) * plane); // [height, width]
    const sums = parts.map((part) => sumUp(values, width, part));
    const ofMean = add(sums.map(({ sum }) => sum)) ** 2 / plane;
    const unit = (std[channel] / (rescaleFactor * 255)) ** 2 / plane; // brings variances to pixels on 0 … 1
    total += unit * (add(sums.map(({ squares }) => squares)) - ofMean);
    between += unit * (add(sums.map(({ sum, pixels }) => sum ** 2 / pixels)) - ofMean);
  }
  const contrast = Math.sqrt(Math.max(total, 0) / 3);
  const share = contrast > NOTHING ? between / total : 1;
  return { blankness: octavesBelow(LEAST_CONTRAST, contrast), uniformity: octavesBelow(LEAST_SHARE, share) };
}

/** A rectangle of pixels; `right` and `bottom` are outside. */
interface Part {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The parts of a picture, those without pixels left out, which there are where a side is shorter than {@link PARTS}. */
function partsOf(width: number, height: number): Part[] {
  const edge = (side: number, part: number): number => Math.ceil((part * side) / PARTS);
  return Array.from({ length: PARTS ** 2 }, (_, part) => {
    const column = part % PARTS;
    const row = Math.floor(part / PARTS);
    return {
      left: edge(width, column),
      right: edge(width, column + 1),
      top: edge(height, row),
      bottom: edge(height, row + 1),
    };
  }).filter(({ left, top, right, bottom }) => left < right && top < bottom);
}

/** Sums over the pixels of a part of one channel. */
function sumUp(values: Float32Array, width: number, { left, top, right, bottom }: Part) {
  let sum = 0;
  let squares = 0;
  for (let y = top; y < bottom; y++) {
    for (let i = y * width + left; i < y * width + right; i++) {
      const value = values[i]!;
      sum += value;
      squares += value * value;
    }
  }
  return { sum, squares, pixels: (right - left) * (bottom - top) };
}

/** How often `value`, taken as no less than {@link NOTHING}, must be doubled to come to `least`; 0 where it is there. */
function octavesBelow(least: number, value: number): number {
  return Math.max(0, Math.log2(least / Math.max(value, NOTHING)));
}

function add(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
