import type { ImageSpec } from '../core/image-spec.js';
import type { Tensor } from '../core/tensor.js';

/** What tells pictures of nothing, and drawings, charts, pages and the like, from photographs of things. */
export interface ImageStatistics {
  /** How much less contrast it has than photographs do (a blank wall): 1 where half as much, 2 where a quarter, at most 6.7. */
  readonly blankness: number;
  /**
   * How much more alike its parts are than those of photographs (noise, a page of text): 1 where they differ half as much, 2
   * where a quarter, at most 7.7.
   */
  readonly uniformity: number;
  /** Entropy of the histogram of its colours, 16 levels a channel, in bits, 0 … 12: low in drawings, charts, screenshots and the night sky. */
  readonly colorEntropy: number;
  /** Natural logarithm of 1 plus the number of those colours that more than one pixel in 2,000 has, 0 … 7.7. */
  readonly colorCount: number;
  /**
   * Standard deviation over pixels of the difference |red − green| plus that of |green − blue|, channels on 0 … 1: near 0 where
   * everything has one hue.
   */
  readonly hueSpread: number;
  /** Standard deviation over pixels of the largest channel minus the smallest, channels on 0 … 1. */
  readonly saturationSpread: number;
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
  return {
    blankness: octavesBelow(LEAST_CONTRAST, contrast),
    uniformity: octavesBelow(LEAST_SHARE, share),
    ...colorStatistics(data, spec),
  };
}

type ColorStatistics = Pick<ImageStatistics, 'colorEntropy' | 'colorCount' | 'hueSpread' | 'saturationSpread'>;

/** Levels of a channel that colours are told apart by; each holds 16 of 256 values. */
const LEVELS = 16;
/** Share of the pixels that a colour must have more of to count. */
const COUNTED = 1 / 2000;

/** What the colours of the pixels tell, each pixel by itself. */
function colorStatistics(
  data: Float32Array,
  { width, height, mean, std, rescaleFactor = 1 / 255 }: ImageSpec,
): ColorStatistics {
  const plane = width * height;
  const histogram = new Uint32Array(LEVELS ** 3);
  const byte = (channel: 0 | 1 | 2, i: number): number =>
    Math.round((data[channel * plane + i]! * std[channel] + mean[channel]) / rescaleFactor);
  const level = (value: number): number => Math.min(LEVELS - 1, Math.max(0, value >> 4));
  const redGreen = new Spread();
  const greenBlue = new Spread();
  const saturation = new Spread();
  for (let i = 0; i < plane; i++) {
    const red = byte(0, i);
    const green = byte(1, i);
    const blue = byte(2, i);
    histogram[(level(red) * LEVELS + level(green)) * LEVELS + level(blue)]! += 1;
    redGreen.add(Math.abs(red - green) / 255);
    greenBlue.add(Math.abs(green - blue) / 255);
    saturation.add((Math.max(red, green, blue) - Math.min(red, green, blue)) / 255);
  }
  let entropy = 0;
  let colors = 0;
  for (const pixels of histogram) {
    if (pixels > 0) entropy -= (pixels / plane) * Math.log2(pixels / plane);
    if (pixels > COUNTED * plane) colors++;
  }
  return {
    colorEntropy: entropy,
    colorCount: Math.log1p(colors),
    hueSpread: redGreen.deviation() + greenBlue.deviation(),
    saturationSpread: saturation.deviation(),
  };
}

/** The standard deviation of numbers that come one by one. */
class Spread {
  #count = 0;
  #sum = 0;
  #squares = 0;

  add(value: number): void {
    this.#count++;
    this.#sum += value;
    this.#squares += value * value;
  }

  deviation(): number {
    return Math.sqrt(Math.max(0, this.#squares / this.#count - (this.#sum / this.#count) ** 2));
  }
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
