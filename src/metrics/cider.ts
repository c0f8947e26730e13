import {
  accumulate,
  checkNotEmpty,
  checkReferences,
  meanScore,
  type MeanScore,
  type MetricAccumulator,
  NumberList,
  type TokenizedImage,
} from './caption-sets.js';
import { CIDER_ORDERS, DocumentFrequencies } from './document-frequencies.js';

/** Width of CIDEr-D's penalty on a difference of lengths, in words. */
const SIGMA = 6;

/**
 * `cider-d` clips counts to the reference's and penalises a difference of lengths, so that repetition does not pay; it is what
 * pycocoevalcap prints as CIDEr. `cider` does neither.
 */
export type CiderVariant = 'cider' | 'cider-d';

/** How CIDEr is computed. */
export interface CiderOptions {
  /** Default: `cider-d`. */
  readonly variant?: CiderVariant;
  /**
   * Frequencies to weigh n-grams by: each image is then scored as it is added, and only its score is kept. Default: those of
   * the references that were added; their word ids are kept until the end (about 250 bytes an image).
   */
  readonly documentFrequencies?: DocumentFrequencies;
}

interface PendingImage {
  readonly candidate: Int32Array;
  readonly references: readonly Int32Array[];
}

/**
 * CIDEr or CIDEr-D (Vedantam et al. 2015) over image after image, as pycocoevalcap computes CIDEr-D: n-grams of n = 1 … 4,
 * weighed by raw counts and idf = ln(images) − ln(max(1, images whose references contain it)); the mean over n and over
 * references, times 10. So scores are 0 … 10, and a score of 1.0 is what papers print as 100. A set of one image scores 0,
 * because every idf is 0.
 */
export class CiderAccumulator implements MetricAccumulator<MeanScore> {
  readonly #isClipped: boolean;
  readonly #given: DocumentFrequencies | undefined;
  readonly #own = new DocumentFrequencies();
  readonly #pending: PendingImage[] = [];
  readonly #scores = new NumberList();

  constructor(options: CiderOptions = {}) {
    this.#isClipped = (options.variant ?? 'cider-d') === 'cider-d';
    this.#given = options.documentFrequencies;
  }

  /** Number of images added so far. */
  get size(): number {
    return this.#given ? this.#scores.size : this.#pending.length;
  }

  /**
   * Takes one image.
   *
   * @throws InvalidArgumentError if it has no references
   */
  add(image: TokenizedImage): void {
    checkReferences(image, this.size);
    const frequencies = this.#given ?? this.#own;
    const ids: PendingImage = {
      candidate: frequencies.wordIds(image.candidate),
      references: image.references.map((reference) => frequencies.wordIds(reference)),
    };
    if (this.#given) {
      this.#scores.push(scoreImage(this.#given, ids, this.#isClipped));
    } else {
      this.#own.addIds(ids.references);
      this.#pending.push(ids);
    }
  }

  /**
   * The score of all images added so far, 0 … 10. More may be added afterwards.
   *
   * @throws InvalidArgumentError if none was added
   */
  result(): MeanScore {
    checkNotEmpty(this.size);
    if (this.#given) return meanScore(this.#scores.toArray());
    return meanScore(Float64Array.from(this.#pending, (ids) => scoreImage(this.#own, ids, this.#isClipped)));
  }
}

/**
 * CIDEr-D of a set of tokenized captions, 0 … 10. See {@link CiderAccumulator}.
 *
 * @throws InvalidArgumentError if there are no images, or one has no references
 */
export function ciderD(images: Iterable<TokenizedImage>, options: Omit<CiderOptions, 'variant'> = {}): MeanScore {
  return accumulate(new CiderAccumulator({ ...options, variant: 'cider-d' }), images).result();
}

/**
 * CIDEr without the clipping and the length penalty of CIDEr-D, 0 … 10. See {@link CiderAccumulator}.
 *
 * @throws InvalidArgumentError if there are no images, or one has no references
 */
export function cider(images: Iterable<TokenizedImage>, options: Omit<CiderOptions, 'variant'> = {}): MeanScore {
  return accumulate(new CiderAccumulator({ ...options, variant: 'cider' }), images).result();
}

/** A caption's n-grams with their tf-idf weights, and the length of the vector of each order. */
interface Weighted {
  readonly weights: ReadonlyMap<number, number>;
  readonly norms: Float64Array; // [orders]
  /** Number of bigrams: what pycocoevalcap takes for the length. */
  readonly bigrams: number;
}

function weigh(frequencies: DocumentFrequencies, words: Int32Array): Weighted {
  const weights = new Map<number, number>();
  for (const node of frequencies.nodes(words)) weights.set(node, (weights.get(node) ?? 0) + 1);
  const logImages = Math.log(Math.max(1, frequencies.images));
  const norms = new Float64Array(CIDER_ORDERS);
  for (const [node, count] of weights) {
    const weight = count * (logImages - Math.log(Math.max(1, frequencies.frequency(node))));
    weights.set(node, weight);
    norms[frequencies.order(node) - 1]! += weight * weight;
  }
  return { weights, norms: norms.map(Math.sqrt), bigrams: Math.max(0, words.length - 1) };
}

function scoreImage(frequencies: DocumentFrequencies, ids: PendingImage, isClipped: boolean): number {
  const candidate = weigh(frequencies, ids.candidate);
  let sum = 0;
  for (const words of ids.references) {
    sum += similarity(frequencies, candidate, weigh(frequencies, words), isClipped);
  }
  return (10 * sum) / ids.references.length;
}

/** Cosine of two captions, the mean over orders. */
function similarity(
  frequencies: DocumentFrequencies,
  candidate: Weighted,
  reference: Weighted,
  isClipped: boolean,
): number {
  const products = new Float64Array(CIDER_ORDERS);
  for (const [node, weight] of candidate.weights) {
    const other = reference.weights.get(node);
    if (other === undefined) continue;
    products[frequencies.order(node) - 1]! += (isClipped ? Math.min(weight, other) : weight) * other;
  }
  let sum = 0;
  for (let n = 0; n < CIDER_ORDERS; n++) {
    const norm = candidate.norms[n]! * reference.norms[n]!;
    if (norm !== 0) sum += products[n]! / norm;
  }
  if (isClipped) sum *= Math.exp(-((candidate.bigrams - reference.bigrams) ** 2) / (2 * SIGMA ** 2));
  return sum / CIDER_ORDERS;
}
