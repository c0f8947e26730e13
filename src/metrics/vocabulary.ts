import { InvalidArgumentError } from '../core/index.js';
import { checkNotEmpty } from './caption-sets.js';

/** What a system's captions have in words. */
export interface VocabularyStatistics {
  /** Number of captions. */
  readonly captions: number;
  /** Number of tokens. */
  readonly tokens: number;
  /** Number of distinct tokens. */
  readonly vocabulary: number;
  /** Number of distinct captions. */
  readonly distinctCaptions: number;
  /** Distinct n-grams over all n-grams, n = 1 … 4 (Li et al. 2016); null if no caption is that long. */
  readonly distinct: readonly (number | null)[];
  /** Tokens in a caption. */
  readonly length: LengthStatistics;
  /** Share of captions that are, token by token, a caption of the training set; null if none was given. */
  readonly seenInTraining: number | null;
  /** The tokens that come most often, and how often; at most 50. */
  readonly mostFrequent: readonly (readonly [token: string, count: number])[];
}

/** How long captions are, in tokens. */
export interface LengthStatistics {
  /** Mean length. */
  readonly mean: number;
  /** Standard deviation over captions; 0 for one caption. */
  readonly standardDeviation: number;
  /** Shortest. */
  readonly min: number;
  /** Longest. */
  readonly max: number;
  /** How many captions have 0, 1, 2, … tokens. */
  readonly histogram: readonly number[];
}

/** What captions are compared with. */
export interface VocabularyOptions {
  /**
   * Tokenized captions that the system was trained on, to count how many of its captions it has by heart. Made once by
   * {@link captionKeys}, it serves many systems.
   */
  readonly training?: ReadonlySet<string>;
}

const ORDERS = 4;
const MOST_FREQUENT = 50;

/**
 * Tokenized captions in the form in which `VocabularyOptions.training` takes them.
 *
 * @param captions tokens of each caption
 */
export function captionKeys(captions: Iterable<readonly string[]>): Set<string> {
  const keys = new Set<string>();
  for (const tokens of captions) keys.add(tokens.join(' '));
  return keys;
}

/** Counts words, n-grams and lengths of captions, caption after caption. */
export class VocabularyAccumulator {
  readonly #training: ReadonlySet<string> | undefined;
  readonly #distinct = Array.from({ length: ORDERS }, () => new Set<string>());
  readonly #totals = new Float64Array(ORDERS);
  readonly #words = new Map<string, number>();
  readonly #captions = new Set<string>();
  readonly #histogram: number[] = [];
  #size = 0;
  #seen = 0;

  constructor(options: VocabularyOptions = {}) {
    this.#training = options.training;
  }

  /** Number of captions added so far. */
  get size(): number {
    return this.#size;
  }

  /** Takes the tokens of one caption. */
  add(tokens: readonly string[]): void {
    this.#size++;
    const key = tokens.join(' ');
    this.#captions.add(key);
    if (this.#training?.has(key)) this.#seen++;
    while (this.#histogram.length <= tokens.length) this.#histogram.push(0);
    this.#histogram[tokens.length]!++;
    for (let i = 0; i < tokens.length; i++) {
      this.#words.set(tokens[i]!, (this.#words.get(tokens[i]!) ?? 0) + 1);
      let ngram = '';
      for (let n = 0; n < ORDERS && i + n < tokens.length; n++) {
        ngram += ` ${tokens[i + n]!}`;
        this.#distinct[n]!.add(ngram);
        this.#totals[n]!++;
      }
    }
  }

  /**
   * What all captions added so far have. More may be added afterwards.
   *
   * @throws InvalidArgumentError if none was added
   */
  result(): VocabularyStatistics {
    checkNotEmpty(this.#size);
    const mostFrequent = [...this.#words].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MOST_FREQUENT);
    return {
      captions: this.#size,
      tokens: this.#totals[0]!,
      vocabulary: this.#words.size,
      distinctCaptions: this.#captions.size,
      distinct: this.#distinct.map((ngrams, n) => (this.#totals[n] === 0 ? null : ngrams.size / this.#totals[n]!)),
      length: lengthStatistics(this.#histogram, this.#size),
      seenInTraining: this.#training ? this.#seen / this.#size : null,
      mostFrequent,
    };
  }
}

/**
 * Vocabulary, distinct n-grams, lengths and novelty of tokenized captions.
 *
 * @param captions tokens of each caption
 * @throws InvalidArgumentError if there are no captions
 */
export function vocabularyStatistics(
  captions: Iterable<readonly string[]>,
  options: VocabularyOptions = {},
): VocabularyStatistics {
  const accumulator = new VocabularyAccumulator(options);
  for (const tokens of captions) accumulator.add(tokens);
  if (accumulator.size === 0) throw new InvalidArgumentError('captions', 'There are no captions. Give at least one.');
  return accumulator.result();
}

function lengthStatistics(histogram: readonly number[], captions: number): LengthStatistics {
  const mean = histogram.reduce((sum, count, length) => sum + count * length, 0) / captions;
  const squares = histogram.reduce((sum, count, length) => sum + count * (length - mean) ** 2, 0);
  return {
    mean,
    standardDeviation: captions > 1 ? Math.sqrt(squares / (captions - 1)) : 0,
    min: histogram.findIndex((count) => count > 0),
    max: histogram.length - 1,
    histogram: [...histogram],
  };
}
