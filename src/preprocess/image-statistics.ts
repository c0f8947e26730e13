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
  const sums = sumUp(image);
  const { total, between } = variances(sums);
  const contrast = Math.sqrt(Math.max(total, 0) / 3);
  const share = contrast > MIN_CONTRAST ? between / total : 1;
  const { histogram, redGreen, greenBlue, range, pixels } = sums;
  return {
    contrastDeficit: octavesBelow(LEAST_CONTRAST, contrast),
    regionVarianceDeficit: octavesBelow(LEAST_SHARE, share),
    ...colors(histogram, pixels),
    hueSpread: deviation(redGreen, pixels) + deviation(greenBlue, pixels),
    saturationSpread: deviation(range, pixels),
  };
}

/** Levels of a channel in the histogram of colours; each holds 16 of 256 values. */
const LEVELS = 16;
/** Least share of the pixels for a colour to count. */
const MIN_COLOR_SHARE = 1 / 2000;

/** A sum of bytes, and the sum of their squares: whole numbers, exact. */
interface Sum {
  sum: number;
  squares: number;
}

/** What is summed up over the pixels of an image, in bytes. */
interface Sums {
  readonly pixels: number;
  /** Over the three channels. */
  squares: number;
  readonly regions: { readonly pixels: number; red: number; green: number; blue: number }[];
  /** How many pixels have a colour: `[LEVELS × LEVELS × LEVELS]`. */
  readonly histogram: Uint32Array;
  /** The difference of red and green, without sign. */
  readonly redGreen: Sum;
  readonly greenBlue: Sum;
  /** The largest channel minus the smallest. */
  readonly range: Sum;
}

/** One pass over the pixels: it is a tenth of what an image takes before the encoder. */
function sumUp({ data, width, height }: RawImage): Sums {
  const sum = (): Sum => ({ sum: 0, squares: 0 });
  const sums: Sums = {
    pixels: width * height,
    squares: 0,
    regions: [],
    histogram: new Uint32Array(LEVELS ** 3),
    redGreen: sum(),
    greenBlue: sum(),
    range: sum(),
  };
  for (const { left, top, right, bottom } of regionsOf(width, height)) {
    const region = { pixels: (right - left) * (bottom - top), red: 0, green: 0, blue: 0 };
    for (let y = top; y < bottom; y++) addRow(sums, region, data, 3 * (y * width + left), 3 * (y * width + right));
    sums.regions.push(region);
  }
  return sums;
}

/** Adds a row of one region. Its sums are of few enough pixels for 32-bit integers, in which the engine computes fastest. */
function addRow(sums: Sums, region: Sums['regions'][number], data: RawImage['data'], start: number, end: number): void {
  const { histogram } = sums;
  let reds = 0;
  let greens = 0;
  let blues = 0;
  let squares = 0;
  let redGreen = 0;
  let redGreenSquares = 0;
  let greenBlue = 0;
  let greenBlueSquares = 0;
  let ranges = 0;
  let rangeSquares = 0;
  for (let p = start; p < end; p += 3) {
    const red = data[p]!;
    const green = data[p + 1]!;
    const blue = data[p + 2]!;
    reds = (reds + red) | 0;
    greens = (greens + green) | 0;
    blues = (blues + blue) | 0;
    squares = (squares + red * red + green * green + blue * blue) | 0;
    histogram[((red >> 4) * LEVELS + (green >> 4)) * LEVELS + (blue >> 4)]! += 1;
    const toGreen = Math.abs(red - green);
    const toBlue = Math.abs(green - blue);
    const range = (toGreen + toBlue + Math.abs(red - blue)) >> 1; // of three numbers, twice the range is the sum of all differences
    redGreen = (redGreen + toGreen) | 0;
    redGreenSquares = (redGreenSquares + toGreen * toGreen) | 0;
    greenBlue = (greenBlue + toBlue) | 0;
    greenBlueSquares = (greenBlueSquares + toBlue * toBlue) | 0;
    ranges = (ranges + range) | 0;
    rangeSquares = (rangeSquares + range * range) | 0;
  }
  region.red += reds;
  region.green += greens;
  region.blue += blues;
  sums.squares += squares;
  sums.redGreen.sum += redGreen;
  sums.redGreen.squares += redGreenSquares;
  sums.greenBlue.sum += greenBlue;
  sums.greenBlue.squares += greenBlueSquares;
  sums.range.sum += ranges;
  sums.range.squares += rangeSquares;
}

/** The variance of the pixels on 0 … 1, summed over channels, and the part of it that is between regions. */
function variances({ regions, squares, pixels }: Sums): { total: number; between: number } {
  const ofMean = add(CHANNELS.map((channel) => add(regions.map((region) => region[channel])) ** 2 / pixels));
  const ofRegions = add(regions.map((region) => add(CHANNELS.map((channel) => region[channel] ** 2 / region.pixels))));
  const unit = 1 / 255 ** 2 / pixels;
  return { total: unit * (squares - ofMean), between: unit * (ofRegions - ofMean) };
}

const CHANNELS = ['red', 'green', 'blue'] as const;

/** Statistics of a histogram of colours. */
function colors(histogram: Uint32Array, pixels: number): Pick<ImageStatistics, 'colorEntropy' | 'colorCount'> {
  let entropy = 0;
  let frequent = 0;
  for (const count of histogram) {
    if (count > 0) entropy -= (count / pixels) * Math.log2(count / pixels);
    if (count > MIN_COLOR_SHARE * pixels) frequent++;
  }
  return { colorEntropy: entropy, colorCount: Math.log1p(frequent) };
}

/** The standard deviation of bytes, on 0 … 1. */
function deviation({ sum, squares }: Sum, count: number): number {
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

/** How often `value`, taken as at least {@link MIN_CONTRAST}, must be doubled to reach `least`; 0 if it exceeds it. */
function octavesBelow(least: number, value: number): number {
  return Math.max(0, Math.log2(least / Math.max(value, MIN_CONTRAST)));
}

function add(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
