import { NGramTrie, ROOT } from './ngram-trie.js';

/** Longest n-gram that CIDEr counts. */
export const CIDER_ORDERS = 4;

/**
 * In how many images' references each n-gram (n = 1 … 4) is: what CIDEr weighs n-grams by. Made from the references of a whole
 * set once, it serves every system, every part of the set and every bootstrap sample; captions are then scored one by one,
 * without keeping the set in memory.
 *
 * @example
 * const frequencies = new DocumentFrequencies();
 * for (const references of allReferences) frequencies.add(references);
 * const scorer = new CiderAccumulator({ documentFrequencies: frequencies });
 */
export class DocumentFrequencies {
  readonly #ids = new Map<string, number>();
  readonly #trie = new NGramTrie(1024);
  #counts = new Int32Array(1024);
  /** The image that each n-gram was last seen in, counted from 1. */
  #lastImage = new Int32Array(1024);
  #images = 0;
  /** Logarithms of 0 (taken for 1), 1, 2, … */
  #logs = new Float64Array(0);

  /** Number of images added: CIDEr's number of documents. */
  get images(): number {
    return this.#images;
  }

  /** Number of distinct n-grams known. */
  get ngrams(): number {
    return this.#trie.size - 1;
  }

  /** Takes the tokenized references of one image. */
  add(references: readonly (readonly string[])[]): void {
    this.addIds(references.map((reference) => this.wordIds(reference)));
  }

  /** The number of images whose references contain an n-gram; 0 for an n-gram that was not seen. */
  of(ngram: readonly string[]): number {
    let node = ROOT;
    for (const word of ngram) {
      const id = this.#ids.get(word);
      node = id === undefined ? -1 : this.#trie.find(node, id);
      if (node === -1) return 0;
    }
    return node === ROOT ? 0 : this.#counts[node]!;
  }

  /** Takes the references of one image, as word ids. @internal */
  addIds(references: readonly Int32Array[]): void {
    this.#images++;
    for (const words of references) {
      for (const node of this.nodes(words)) {
        if (this.#lastImage[node] === this.#images) continue;
        this.#lastImage[node] = this.#images;
        this.#counts[node]!++;
      }
    }
  }

  /** Ids of words; a new word gets a new one. @internal */
  wordIds(words: readonly string[]): Int32Array {
    const ids = new Int32Array(words.length);
    for (let i = 0; i < words.length; i++) {
      let id = this.#ids.get(words[i]!);
      if (id === undefined) {
        id = this.#ids.size;
        this.#ids.set(words[i]!, id);
      }
      ids[i] = id;
    }
    return ids;
  }

  /** The n-grams of a caption, as nodes, each as often as it is in it. New ones get a node with a frequency of 0. @internal */
  nodes(words: Int32Array): Int32Array {
    const { length } = words;
    const nodes = new Int32Array(CIDER_ORDERS * length);
    let count = 0;
    for (let i = 0; i < length; i++) {
      let node = ROOT;
      const end = Math.min(i + CIDER_ORDERS, length);
      for (let j = i; j < end; j++) {
        node = this.#trie.insert(node, words[j]!);
        nodes[count++] = node;
      }
    }
    if (this.#trie.size > this.#counts.length) this.#grow();
    return nodes.subarray(0, count);
  }

  /** Length of a node's n-gram. @internal */
  order(node: number): number {
    return this.#trie.order(node);
  }

  /** ln(images) − ln(max(1, images whose references contain a node's n-gram)). @internal */
  idf(node: number): number {
    return this.#log(this.#images) - this.#log(this.#counts[node]!);
  }

  #log(count: number): number {
    if (this.#logs.length <= this.#images) {
      this.#logs = Float64Array.from({ length: 2 * this.#images + 2 }, (_, value) => Math.log(Math.max(1, value)));
    }
    return this.#logs[count]!;
  }

  #grow(): void {
    let capacity = this.#counts.length;
    while (capacity < this.#trie.size) capacity *= 2;
    const counts = new Int32Array(capacity);
    counts.set(this.#counts);
    this.#counts = counts;
    const lastImage = new Int32Array(capacity);
    lastImage.set(this.#lastImage);
    this.#lastImage = lastImage;
  }
}
