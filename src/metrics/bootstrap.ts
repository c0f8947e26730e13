import { InvalidArgumentError } from '../core/index.js';
import { createRandom } from '../numerics/random.js';
import { checkNotEmpty } from './caption-sets.js';
import { checkLevel, DEFAULT_LEVEL, type Interval } from './intervals.js';
import { checks } from '../validate/index.js';

/** How samples are drawn. */
export interface BootstrapOptions {
  /** Number of samples. At least 100. Default: 1000. */
  readonly samples?: number;
  /** Confidence level, above 0 and below 1. Default: 0.95. */
  readonly level?: number;
  /** An integer of 0 … 2^53 − 1. The same seed gives the same samples on every machine. Default: 0. */
  readonly seed?: number;
  /**
   * A group for each image: each sample then has as many images of each group as the set has. Default: one group.
   */
  readonly strata?: readonly (string | number)[];
}

/** A figure with its bootstrap interval. */
export interface BootstrapEstimate extends Interval {
  /** The figure on the set itself. */
  readonly estimate: number;
  /** Standard deviation over the samples. */
  readonly standardError: number;
  /** Number of samples in which the figure is defined. */
  readonly samples: number;
}

/** A difference between two systems with its paired bootstrap interval. */
export interface PairedEstimate extends BootstrapEstimate {
  /**
   * How often a difference as large would come up if the systems were equally good: twice the smaller share of samples on
   * either side of 0, at most 1 and at least 1 / (samples + 1).
   */
  readonly pValue: number;
}

/**
 * A figure of some images.
 *
 * @param images positions of the images, each as often as it counts
 * @returns the figure, or null if these images do not define it, such as the rate of a group that is not among them
 */
export type Statistic = (images: Int32Array) => number | null;

/**
 * Draws samples of images with replacement, as large as the set. The array is the same for each sample and overwritten: copy it
 * to keep it.
 *
 * @param size number of images
 * @throws InvalidArgumentError if there are no images, or an option is out of range
 */
export function* bootstrapSamples(size: number, options: BootstrapOptions = {}): Generator<Int32Array, void> {
  const { samples, seed } = checkOptions(size, options);
  const groups = groupPositions(size, options.strata);
  const random = createRandom(seed, 0);
  const images = new Int32Array(size);
  for (let sample = 0; sample < samples; sample++) {
    let next = 0;
    for (const group of groups) {
      for (let i = 0; i < group.length; i++) images[next++] = group[Math.floor(random() * group.length)]!;
    }
    yield images;
  }
}

/**
 * A figure with its percentile interval over bootstrap samples of the images (Efron 1979). What does not belong to single
 * images, such as CIDEr's document frequencies, stays as it is: score images once, and let the statistic average the scores.
 *
 * @param size number of images
 * @returns null if the statistic is not defined on the set itself, or on fewer than half of the samples
 * @throws InvalidArgumentError if there are no images, or an option is out of range
 *
 * @example
 * const { perImage } = ciderD(images);
 * bootstrap(images.length, meanOf(perImage)); // { estimate: 0.6, low: 0.57, high: 0.63, … }
 */
export function bootstrap(
  size: number,
  statistic: Statistic,
  options: BootstrapOptions = {},
): BootstrapEstimate | null {
  const drawn = draw(size, statistic, options);
  return drawn && estimateOf(drawn.estimate, drawn.values, options.level);
}

/**
 * The difference a − b of two systems on the same images, with its percentile interval: both are measured on the same samples
 * (Koehn 2004), so what is hard about an image cancels out.
 *
 * @param size number of images
 * @returns null if a statistic is not defined on the set itself, or on fewer than half of the samples
 * @throws InvalidArgumentError if there are no images, or an option is out of range
 */
export function pairedBootstrap(
  size: number,
  a: Statistic,
  b: Statistic,
  options: BootstrapOptions = {},
): PairedEstimate | null {
  const difference = (images: Int32Array): number | null => {
    const ofA = a(images);
    const ofB = b(images);
    return ofA === null || ofB === null ? null : ofA - ofB;
  };
  const drawn = draw(size, difference, options);
  if (!drawn) return null;
  return pairedEstimateOf(drawn.estimate, drawn.values, options.level);
}

/**
 * The mean of a score over images, as a statistic.
 *
 * @param perImage a score for each image of the set
 */
export function meanOf(perImage: ArrayLike<number>): (images: Int32Array) => number {
  return (images) => {
    let sum = 0;
    for (const image of images) sum += perImage[image]!;
    return sum / images.length;
  };
}

function checkOptions(size: number, options: BootstrapOptions): { samples: number; seed: number } {
  const { samples = 1000, level = DEFAULT_LEVEL, seed = 0, strata } = options;
  checkNotEmpty(size);
  checkLevel(level);
  checks.argument('samples', checks.integer(100), samples);
  checks.argument('seed', checks.integer(0), seed);
  if (strata && strata.length !== size) {
    throw new InvalidArgumentError(
      'strata',
      `strata has ${strata.length} groups for ${size} images. Give one for each.`,
    );
  }
  return { samples, seed };
}

function groupPositions(size: number, strata: BootstrapOptions['strata']): Int32Array[] {
  const groups = new Map<string | number, number[]>();
  for (let image = 0; image < size; image++) {
    const group = strata?.[image] ?? '';
    const positions = groups.get(group);
    if (positions) positions.push(image);
    else groups.set(group, [image]);
  }
  return [...groups.values()].map((positions) => Int32Array.from(positions));
}

interface Drawn {
  readonly estimate: number;
  /** The figure in each sample that defines it. */
  readonly values: Float64Array;
}

function draw(size: number, statistic: Statistic, options: BootstrapOptions): Drawn | null {
  const { samples } = checkOptions(size, options);
  const estimate = statistic(Int32Array.from({ length: size }, (_, image) => image));
  if (estimate === null) return null;
  const values: number[] = [];
  for (const images of bootstrapSamples(size, options)) {
    const value = statistic(images);
    if (value !== null) values.push(value);
  }
  return values.length < samples / 2 ? null : { estimate, values: Float64Array.from(values) };
}

/**
 * A figure with its percentile interval, from samples that were drawn elsewhere.
 *
 * @param estimate the figure on the set itself
 * @param drawn the figure in each sample; at least two
 * @param level confidence, above 0 and below 1. Default: 0.95
 * @throws InvalidArgumentError if the level is out of range
 */
export function estimateOf(estimate: number, drawn: Float64Array, level = DEFAULT_LEVEL): BootstrapEstimate {
  checkLevel(level);
  const values = drawn.slice().sort();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    estimate,
    low: quantile(values, (1 - level) / 2),
    high: quantile(values, (1 + level) / 2),
    level,
    standardError: Math.sqrt(squares / (values.length - 1)),
    samples: values.length,
  };
}

/**
 * A difference with its percentile interval and p-value, from samples that were drawn elsewhere.
 *
 * @param estimate the difference on the set itself
 * @param drawn the difference in each sample; at least two
 * @param level confidence, above 0 and below 1. Default: 0.95
 * @throws InvalidArgumentError if the level is out of range
 */
export function pairedEstimateOf(estimate: number, drawn: Float64Array, level = DEFAULT_LEVEL): PairedEstimate {
  const above = drawn.filter((value) => value >= 0).length;
  const below = drawn.filter((value) => value <= 0).length;
  const pValue = Math.min(1, (2 * (Math.min(above, below) + 1)) / (drawn.length + 1));
  return { ...estimateOf(estimate, drawn, level), pValue };
}

/** Linear interpolation between the two nearest, as numpy's default. */
function quantile(sorted: Float64Array, q: number): number {
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
