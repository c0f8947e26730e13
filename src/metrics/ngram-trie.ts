/** The node of the empty n-gram. */
export const ROOT = 0;

/**
 * Gives each distinct n-gram of word ids a small number: a trie whose edges stand in one open-addressing hash table. Node 0 is
 * the empty n-gram; others are numbered from 1 in the order in which they come.
 */
export class NGramTrie {
  #parents: Int32Array;
  #words: Int32Array;
  #orders: Uint8Array;
  /** Slots of the hash table: a node, or 0 for an empty slot. At most half full. */
  #slots: Int32Array;
  #size = 1;

  /** @param capacity n-grams to make room for at first; a power of two */
  constructor(capacity = 64) {
    this.#parents = new Int32Array(capacity);
    this.#words = new Int32Array(capacity);
    this.#orders = new Uint8Array(capacity);
    this.#slots = new Int32Array(2 * capacity);
  }

  /** Number of nodes, the root among them. */
  get size(): number {
    return this.#size;
  }

  /** Length of a node's n-gram. */
  order(node: number): number {
    return this.#orders[node]!;
  }

  /** The node of the n-gram of `parent` followed by `word`, or -1 if there is none. */
  find(parent: number, word: number): number {
    return this.#slots[this.#slot(parent, word)]! || -1;
  }

  /** The node of the n-gram of `parent` followed by `word`, which is added if there is none. */
  insert(parent: number, word: number): number {
    const slot = this.#slot(parent, word);
    const found = this.#slots[slot]!;
    if (found !== 0) return found;
    const node = this.#size++;
    if (node === this.#parents.length) {
      this.#grow();
      this.#write(node, parent, word);
      this.#slots[this.#slot(parent, word)] = node;
    } else {
      this.#write(node, parent, word);
      this.#slots[slot] = node;
    }
    return node;
  }

  #write(node: number, parent: number, word: number): void {
    this.#parents[node] = parent;
    this.#words[node] = word;
    this.#orders[node] = this.#orders[parent]! + 1;
  }

  #slot(parent: number, word: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(word + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (;;) {
      const node = this.#slots[slot]!;
      if (node === 0 || (this.#parents[node] === parent && this.#words[node] === word)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const capacity = 2 * this.#parents.length;
    this.#parents = widen(this.#parents, new Int32Array(capacity));
    this.#words = widen(this.#words, new Int32Array(capacity));
    this.#orders = widen(this.#orders, new Uint8Array(capacity));
    this.#slots = new Int32Array(2 * capacity);
    for (let node = 1; node < this.#size - 1; node++) {
      this.#slots[this.#slot(this.#parents[node]!, this.#words[node]!)] = node;
    }
  }
}

function widen<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
