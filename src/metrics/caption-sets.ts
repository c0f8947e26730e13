import { InvalidArgumentError } from '../core/index.js';

/** One image's caption under test and the captions that people wrote for it, as tokens. */
export interface TokenizedImage {
  /** What names the image in errors. Default: its position, counted from 0. */
  readonly id?: string;
  /** Tokens of the caption under test. May be empty. */
  readonly candidate: readonly string[];
  /** Tokens of each reference caption; at least one. */
  readonly references: readonly (readonly string[])[];
}

/** The mean over images, and what each image adds to it. */
export interface MeanScore {
  /** The score of the whole set. */
  readonly score: number;
  /** The score of each image, in the order in which images were added. */
  readonly perImage: Float64Array;
}

/** A metric that takes image after image. */
export interface MetricAccumulator<Result> {
  /** Number of images added so far. */
  readonly size: number;
  /**
   * Takes one image.
   *
   * @throws InvalidArgumentError if it has no references
   */
  add(image: TokenizedImage): void;
  /**
   * The score of all images added so far. More may be added afterwards.
   *
   * @throws InvalidArgumentError if none was added
   */
  result(): Result;
}

/** @internal */
export function checkReferences(image: TokenizedImage, position: number): void {
  if (image.references.length > 0) return;
  throw new InvalidArgumentError(
    'references',
    `Image ${image.id ?? position} has no reference captions. Leave it out, or give at least one.`,
  );
}

/** @internal */
export function checkNotEmpty(size: number): void {
  if (size > 0) return;
  throw new InvalidArgumentError('images', 'There are no images to score. Add at least one.');
}

/** @internal */
export function accumulate<Result>(
  accumulator: MetricAccumulator<Result>,
  images: Iterable<TokenizedImage>,
): MetricAccumulator<Result> {
  for (const image of images) accumulator.add(image);
  return accumulator;
}

/** A growing list of numbers. @internal */
export class NumberList {
  #values = new Float64Array(64);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(value: number): void {
    if (this.#size === this.#values.length) {
      const wider = new Float64Array(2 * this.#size);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.#size++] = value;
  }

  toArray(): Float64Array {
    return this.#values.slice(0, this.#size);
  }
}

/** @internal */
export function meanScore(perImage: Float64Array): MeanScore {
  checkNotEmpty(perImage.length);
  let sum = 0;
  for (const score of perImage) sum += score;
  return { score: sum / perImage.length, perImage };
}
