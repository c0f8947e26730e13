import {
  accumulate,
  checkNotEmpty,
  checkReferences,
  type MetricAccumulator,
  NumberList,
  type TokenizedImage,
} from './caption-sets.js';
import { NGramTrie, ROOT } from './ngram-trie.js';

/** Longest n-gram that BLEU counts. */
const ORDERS = 4;
/** Per image: correct n-grams of each order, candidate n-grams of each order, candidate length, reference length. */
const STATISTICS = 2 * ORDERS + 2;

/** BLEU-1, BLEU-2, BLEU-3 and BLEU-4, each 0 … 1. */
export type BleuScores = readonly [bleu1: number, bleu2: number, bleu3: number, bleu4: number];

/** BLEU of a set of captions. */
export interface BleuResult {
  /** BLEU-1 … BLEU-4 of the whole set, from its summed counts. It is not the mean of `perImage`. */
  readonly scores: BleuScores;
  /** BLEU-1 … BLEU-4 of each image by itself, in the order in which images were added. */
  readonly perImage: readonly BleuScores[];
  /** Counts from which the score of any subset follows: see `bleuOfCounts`. */
  readonly counts: BleuCounts;
}

/** What BLEU counts in each image: 10 numbers an image, in the order in which images were added. */
export interface BleuCounts {
  /**
   * Correct n-grams of orders 1 … 4, n-grams of the candidate of orders 1 … 4, length of the candidate, length of the
   * closest reference; [images, 10].
   */
  readonly data: Float64Array;
  /** Number of images. */
  readonly size: number;
}

/**
 * BLEU (Papineni et al. 2002) over image after image, as pycocoevalcap computes it: counts are clipped to the largest count in
 * any reference, the closest reference's length counts (of two equally close ones the shorter), and
 * p_n = (correct + 1e-15) / (counted + 1e-9).
 */
export class BleuAccumulator implements MetricAccumulator<BleuResult> {
  readonly #counts = new NumberList();
  #size = 0;

  /** Number of images added so far. */
  get size(): number {
    return this.#size;
  }

  /**
   * Takes one image.
   *
   * @throws InvalidArgumentError if it has no references
   */
  add(image: TokenizedImage): void {
    checkReferences(image, this.#size);
    for (const count of countImage(image)) this.#counts.push(count);
    this.#size++;
  }

  /**
   * BLEU of all images added so far. More may be added afterwards.
   *
   * @throws InvalidArgumentError if none was added
   */
  result(): BleuResult {
    checkNotEmpty(this.#size);
    const counts = { data: this.#counts.toArray(), size: this.#size };
    const perImage = Array.from({ length: this.#size }, (_, image) => bleuOfCounts(counts, [image]));
    return { scores: bleuOfCounts(counts), perImage, counts };
  }
}

/**
 * BLEU-1 … BLEU-4 of a set of tokenized captions. See {@link BleuAccumulator}.
 *
 * @throws InvalidArgumentError if there are no images, or one has no references
 */
export function bleu(images: Iterable<TokenizedImage>): BleuResult {
  return accumulate(new BleuAccumulator(), images).result();
}

/**
 * BLEU-1 … BLEU-4 of some of the images that were counted: for a part of a test set, or a bootstrap sample.
 *
 * @param images positions of the images, each as often as it counts. Default: all of them, once.
 */
export function bleuOfCounts(counts: BleuCounts, images?: ArrayLike<number>): BleuScores {
  const sums = new Float64Array(STATISTICS);
  const size = images?.length ?? counts.size;
  for (let i = 0; i < size; i++) {
    const start = (images?.[i] ?? i) * STATISTICS;
    for (let k = 0; k < STATISTICS; k++) sums[k]! += counts.data[start + k]!;
  }
  const ratio = (sums[2 * ORDERS]! + 1e-15) / (sums[2 * ORDERS + 1]! + 1e-9);
  const brevity = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  const scores: number[] = [];
  let product = 1;
  for (let n = 0; n < ORDERS; n++) {
    product *= (sums[n]! + 1e-15) / (sums[ORDERS + n]! + 1e-9);
    scores.push(product ** (1 / (n + 1)) * brevity);
  }
  return scores as unknown as BleuScores;
}

function countImage({ candidate, references }: TokenizedImage): Float64Array {
  const counts = new Float64Array(STATISTICS);
  const ids = new Map<string, number>();
  const words = candidate.map((word) => {
    const id = ids.get(word) ?? ids.size;
    ids.set(word, id);
    return id;
  });
  const trie = new NGramTrie(128);
  const inCandidate: number[] = [0];
  for (let i = 0; i < words.length; i++) {
    let node = ROOT;
    for (let j = i; j < Math.min(i + ORDERS, words.length); j++) {
      node = trie.insert(node, words[j]!);
      inCandidate[node] = (inCandidate[node] ?? 0) + 1;
    }
  }
  const clipped = new Int32Array(trie.size);
  for (const reference of references) {
    const inReference = countReference(trie, ids, reference);
    for (let node = 1; node < trie.size; node++) clipped[node] = Math.max(clipped[node]!, inReference[node]!);
  }
  for (let node = 1; node < trie.size; node++) {
    counts[trie.order(node) - 1]! += Math.min(clipped[node]!, inCandidate[node]!);
  }
  for (let n = 0; n < ORDERS; n++) counts[ORDERS + n] = Math.max(0, words.length - n);
  counts[2 * ORDERS] = words.length;
  counts[2 * ORDERS + 1] = closestLength(words.length, references);
  return counts;
}

/** How often each of the candidate's n-grams is in a reference. */
function countReference(trie: NGramTrie, ids: Map<string, number>, reference: readonly string[]): Int32Array {
  const counts = new Int32Array(trie.size);
  const words = reference.map((word) => ids.get(word) ?? -1);
  for (let i = 0; i < words.length; i++) {
    let node = ROOT;
    for (let j = i; j < Math.min(i + ORDERS, words.length); j++) {
      node = words[j] === -1 ? -1 : trie.find(node, words[j]!);
      if (node === -1) break;
      counts[node]!++;
    }
  }
  return counts;
}

function closestLength(length: number, references: readonly (readonly string[])[]): number {
  let closest = references[0]!.length;
  for (const { length: other } of references) {
    const nearer = Math.abs(other - length) - Math.abs(closest - length);
    if (nearer < 0 || (nearer === 0 && other < closest)) closest = other;
  }
  return closest;
}
