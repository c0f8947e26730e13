import type { RawImage } from '../core/raw-image.js';

/** What distinguishes blank images, drawings, charts, pages of text and the like from photographs of things. */
export interface ImageStatistics {
  /** Octaves (halvings) by which the RMS contrast is below 0.1, which 99 % of photographs exceed: 0 … 6.7; high for a blank wall. */
  readonly contrastDeficit: number;
  /**
   * Octaves by which the share of the variance that is between the 8 × 8 regions of the image, not within them, is below 0.2, which
   * 99 % of photographs exceed: 0 … 7.7; high for noise and pages of text.
   */
  readonly regionVarianceDeficit: number;
  /** Entropy of the histogram of its colours, 16 levels a channel, in bits, 0 … 12: low in drawings, charts, screenshots and the night sky. */
  readonly colorEntropy: number;
  /** Natural logarithm of 1 plus the number of those colours that more than one pixel in 2,000 has, 0 … 7.7. */
  readonly colorCount: number;
  /**
   * Standard deviation over pixels of the difference |red − green| plus that of |green − blue|, channels on 0 … 1: near 0 if
   * everything has one hue.
   */
  readonly hueSpread: number;
  /** Standard deviation over pixels of the largest channel minus the smallest, channels on 0 … 1. */
  readonly saturationSpread: number;
}

/** Rows, and columns, of the regions that are compared. */
const REGIONS = 8;
/** RMS contrast, pixels on 0 … 1: 99 in 100 training photographs have more. */
const LEAST_CONTRAST = 0.1;
/** Share of an image's variance that is between its regions, not within them: 99 in 100 training photographs have more. */
const LEAST_SHARE = 0.2;
/** Least contrast that counts: a fourth of one step of a byte. */
const MIN_CONTRAST = 1e-3;

/** Statistics of an image as the encoder is about to see it, but for the normalisation: as {@link fitToSpec} returns it. */
export function imageStatistics(image: RawImage): ImageStatistics {
  const { total, between } = variances(image);
  const contrast = Math.sqrt(Math.max(total, 0) / 3);
  const share = contrast > MIN_CONTRAST ? between / total : 1;
  return {
    contrastDeficit: octavesBelow(LEAST_CONTRAST, contrast),
    regionVarianceDeficit: octavesBelow(LEAST_SHARE, share),
    ...colorStatistics(image),
  };
}

/** The variance of the pixels on 0 … 1, summed over channels, and the part of it that is between regions. */
function variances(image: RawImage): { total: number; between: number } {
  const plane = image.width * image.height;
  const regions = regionsOf(image.width, image.height).map((region) => sumUp(image, region));
  const ofMean = add([0, 1, 2].map((channel) => add(regions.map(({ sums }) => sums[channel]!)) ** 2 / plane));
  const unit = 1 / 255 ** 2 / plane;
  return {
    total: unit * (add(regions.map(({ squares }) => squares)) - ofMean),
    between: unit * (add(regions.map(({ sums, pixels }) => add(sums.map((sum) => sum ** 2 / pixels)))) - ofMean),
  };
}

type ColorStatistics = Pick<ImageStatistics, 'colorEntropy' | 'colorCount' | 'hueSpread' | 'saturationSpread'>;

/** Levels of a channel in the histogram of colours; each holds 16 of 256 values. */
const LEVELS = 16;
/** Least share of the pixels for a colour to count. */
const MIN_COLOR_SHARE = 1 / 2000;

/** Statistics of the colours, without regard to where they are. */
function colorStatistics({ data, width, height }: RawImage): ColorStatistics {
  const plane = width * height;
  const histogram = new Uint32Array(LEVELS ** 3);
  // Sums of differences of bytes, and of their squares: whole numbers, exact.
  let redGreen = 0;
  let redGreenSquares = 0;
  let greenBlue = 0;
  let greenBlueSquares = 0;
  let saturation = 0;
  let saturationSquares = 0;
  for (let p = 0; p < 3 * plane; p += 3) {
    const red = data[p]!;
    const green = data[p + 1]!;
    const blue = data[p + 2]!;
    histogram[((red >> 4) * LEVELS + (green >> 4)) * LEVELS + (blue >> 4)]! += 1;
    const toGreen = Math.abs(red - green);
    const toBlue = Math.abs(green - blue);
    const range = Math.max(toGreen, toBlue, Math.abs(red - blue));
    redGreen += toGreen;
    redGreenSquares += toGreen * toGreen;
    greenBlue += toBlue;
    greenBlueSquares += toBlue * toBlue;
    saturation += range;
    saturationSquares += range * range;
  }
  let entropy = 0;
  let colors = 0;
  for (const pixels of histogram) {
    if (pixels > 0) entropy -= (pixels / plane) * Math.log2(pixels / plane);
    if (pixels > MIN_COLOR_SHARE * plane) colors++;
  }
  return {
    colorEntropy: entropy,
    colorCount: Math.log1p(colors),
    hueSpread: deviation(redGreen, redGreenSquares, plane) + deviation(greenBlue, greenBlueSquares, plane),
    saturationSpread: deviation(saturation, saturationSquares, plane),
  };
}

/** The standard deviation of bytes, on 0 … 1, from their sum and the sum of their squares. */
function deviation(sum: number, squares: number, count: number): number {
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) / 255;
}

/** A rectangle of pixels; `right` and `bottom` are outside. */
interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The regions of an image, without empty ones, which occur if a side is shorter than {@link REGIONS}. */
function regionsOf(width: number, height: number): Region[] {
  const edge = (side: number, index: number): number => Math.ceil((index * side) / REGIONS);
  return Array.from({ length: REGIONS ** 2 }, (_, region) => {
    const column = region % REGIONS;
    const row = Math.floor(region / REGIONS);
    return {
      left: edge(width, column),
      right: edge(width, column + 1),
      top: edge(height, row),
      bottom: edge(height, row + 1),
    };
  }).filter(({ left, top, right, bottom }) => left < right && top < bottom);
}

/** Over the pixels of one region, in bytes: the sum of each channel, and the sum of the squares of all three. */
function sumUp({ data, width }: RawImage, { left, top, right, bottom }: Region) {
  let red = 0;
  let green = 0;
  let blue = 0;
  let squares = 0;
  for (let y = top; y < bottom; y++) {
    for (let p = 3 * (y * width + left); p < 3 * (y * width + right); p += 3) {
      red += data[p]!;
      green += data[p + 1]!;
      blue += data[p + 2]!;
      squares += data[p]! ** 2 + data[p + 1]! ** 2 + data[p + 2]! ** 2;
    }
  }
  return { sums: [red, green, blue], squares, pixels: (right - left) * (bottom - top) };
}

/** How often `value`, taken as at least {@link MIN_CONTRAST}, must be doubled to reach `least`; 0 if it exceeds it. */
function octavesBelow(least: number, value: number): number {
  return Math.max(0, Math.log2(least / Math.max(value, MIN_CONTRAST)));
}

function add(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
