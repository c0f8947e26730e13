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
  readonly #isGiven: boolean;
  readonly #scorer: CiderScorer;
  readonly #pending: PendingImage[] = [];
  readonly #scores = new NumberList();

  constructor(options: CiderOptions = {}) {
    this.#isGiven = options.documentFrequencies !== undefined;
    const frequencies = options.documentFrequencies ?? new DocumentFrequencies();
    this.#scorer = new CiderScorer(frequencies, options.variant !== 'cider');
  }

  /** Number of images added so far. */
  get size(): number {
    return this.#isGiven ? this.#scores.size : this.#pending.length;
  }

  /**
   * Takes one image.
   *
   * @throws InvalidArgumentError if it has no references
   */
  add(image: TokenizedImage): void {
    checkReferences(image, this.size);
    const { frequencies } = this.#scorer;
    const ids: PendingImage = {
      candidate: frequencies.wordIds(image.candidate),
      references: image.references.map((reference) => frequencies.wordIds(reference)),
    };
    if (this.#isGiven) {
      this.#scores.push(this.#scorer.score(ids));
    } else {
      frequencies.addIds(ids.references);
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
    if (this.#isGiven) return meanScore(this.#scores.toArray());
    return meanScore(Float64Array.from(this.#pending, (ids) => this.#scorer.score(ids)));
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

/** The distinct n-grams of one caption after another. Its arrays are as long as there are n-grams, and are used again. */
class NGramCounts {
  #counts = new Int32Array(0);
  #distinct = new Int32Array(256);
  #size = 0;
  /** Number of bigrams: what pycocoevalcap takes for the length. */
  bigrams = 0;

  /** The distinct n-grams, as nodes. */
  get distinct(): Int32Array {
    return this.#distinct.subarray(0, this.#size);
  }

  /** How often an n-gram is in the caption. */
  of(node: number): number {
    return node < this.#counts.length ? this.#counts[node]! : 0;
  }

  load(frequencies: DocumentFrequencies, words: Int32Array): void {
    for (let i = 0; i < this.#size; i++) this.#counts[this.#distinct[i]!] = 0;
    this.#size = 0;
    this.bigrams = Math.max(0, words.length - 1);
    const nodes = frequencies.nodes(words);
    const known = frequencies.ngrams + 1;
    if (known > this.#counts.length) this.#counts = new Int32Array(Math.ceil(known * 1.5));
    if (nodes.length > this.#distinct.length) this.#distinct = new Int32Array(2 * nodes.length);
    for (const node of nodes) {
      if (this.#counts[node]!++ === 0) this.#distinct[this.#size++] = node;
    }
  }
}

/** Scores images one after another. */
class CiderScorer {
  readonly #candidate = new NGramCounts();
  readonly #reference = new NGramCounts();
  readonly #candidateNorms = new Float64Array(CIDER_ORDERS);
  readonly #referenceNorms = new Float64Array(CIDER_ORDERS);
  readonly #products = new Float64Array(CIDER_ORDERS);

  constructor(
    readonly frequencies: DocumentFrequencies,
    readonly isClipped: boolean,
  ) {}

  score({ candidate, references }: PendingImage): number {
    this.#candidate.load(this.frequencies, candidate);
    this.#candidateNorms.fill(0);
    for (const node of this.#candidate.distinct) {
      const weight = this.#candidate.of(node) * this.frequencies.idf(node);
      this.#candidateNorms[this.frequencies.order(node) - 1]! += weight * weight;
    }
    let sum = 0;
    for (const words of references) {
      this.#reference.load(this.frequencies, words);
      sum += this.#similarity();
    }
    return (10 * sum) / references.length;
  }

  /** Cosine of the candidate and the reference, the mean over orders. */
  #similarity(): number {
    this.#referenceNorms.fill(0);
    this.#products.fill(0);
    for (const node of this.#reference.distinct) {
      const order = this.frequencies.order(node) - 1;
      const idf = this.frequencies.idf(node);
      const weight = this.#reference.of(node) * idf;
      this.#referenceNorms[order]! += weight * weight;
      const other = this.#candidate.of(node) * idf;
      this.#products[order]! += (this.isClipped ? Math.min(other, weight) : other) * weight;
    }
    let sum = 0;
    for (let n = 0; n < CIDER_ORDERS; n++) {
      const norm = Math.sqrt(this.#candidateNorms[n]!) * Math.sqrt(this.#referenceNorms[n]!);
      if (norm !== 0) sum += this.#products[n]! / norm;
    }
    const difference = this.#candidate.bigrams - this.#reference.bigrams;
    if (this.isClipped) sum *= Math.exp(-(difference ** 2) / (2 * SIGMA ** 2));
    return sum / CIDER_ORDERS;
  }
}
