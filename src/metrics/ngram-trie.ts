/** The node of the empty n-gram. */
export const ROOT = 0;

/** Numbers in a slot: parent, word, node, and one that keeps slots within a line of the processor's cache. */
const SLOT = 4;
const WORD = 1;
const NODE = 2;

/**
 * Gives each distinct n-gram of word ids a small number: a trie whose edges stand in one open-addressing hash table. Node 0 is
 * the empty n-gram; others are numbered from 1 in the order in which they come.
 */
export class NGramTrie {
  /** [slots, 4]; a slot with node 0 is empty. At most three quarters are full. */
  #table: Int32Array;
  #orders: Uint8Array;
  #size = 1;

  /** @param slots slots to make room for at first; a power of two */
  constructor(slots = 128) {
    this.#table = new Int32Array(SLOT * slots);
    this.#orders = new Uint8Array(slots);
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
    return this.#table[this.#slot(parent, word) + NODE]! || -1;
  }

  /** The node of the n-gram of `parent` followed by `word`, which is added if there is none. */
  insert(parent: number, word: number): number {
    let slot = this.#slot(parent, word);
    const found = this.#table[slot + NODE]!;
    if (found !== 0) return found;
    if (4 * this.#size >= 3 * (this.#table.length / SLOT)) {
      this.#grow();
      slot = this.#slot(parent, word);
    }
    const node = this.#size++;
    this.#write(slot, parent, word, node);
    this.#orders[node] = this.#orders[parent]! + 1;
    return node;
  }

  #write(slot: number, parent: number, word: number, node: number): void {
    this.#table[slot] = parent;
    this.#table[slot + WORD] = word;
    this.#table[slot + NODE] = node;
  }

  /** Where an edge stands in the table, or would stand. */
  #slot(parent: number, word: number): number {
    const table = this.#table;
    let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(word + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = ((hash ^ (hash >>> 13)) << 2) & (table.length - 1);
    while (table[slot + NODE] !== 0 && (table[slot] !== parent || table[slot + WORD] !== word)) {
      slot = (slot + SLOT) & (table.length - 1);
    }
    return slot;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Int32Array(2 * old.length);
    for (let slot = 0; slot < old.length; slot += SLOT) {
      const node = old[slot + NODE]!;
      if (node === 0) continue;
      const parent = old[slot]!;
      const word = old[slot + WORD]!;
      this.#write(this.#slot(parent, word), parent, word, node);
    }
    const orders = new Uint8Array(this.#table.length / SLOT);
    orders.set(this.#orders);
    this.#orders = orders;
  }
}
