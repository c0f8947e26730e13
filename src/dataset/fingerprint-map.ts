/** Slots at the beginning; a power of two. */
const FIRST_CAPACITY = 1024;
/** A table that is fuller than this share is made twice as large. */
const MAX_LOAD = 0.7;
/** Words of 32 bits that are kept of a fingerprint. */
const WORDS = 4;

/**
 * Numbers by fingerprint: a hash table in typed arrays, 24 bytes a slot, where a Map of strings takes several times as much. Of a
 * fingerprint 128 bits are kept; that two of a billion are alike has a probability below 10⁻²⁰.
 */
export class FingerprintMap {
  #capacity = FIRST_CAPACITY;
  #words = new Uint32Array(FIRST_CAPACITY * WORDS);
  /** NaN marks a free slot. */
  #values = new Float64Array(FIRST_CAPACITY).fill(NaN);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param fingerprint of at least 16 bytes that are evenly distributed, such as a SHA-256 */
  get(fingerprint: Uint8Array): number | undefined {
    const value = this.#values[this.#slotOf(wordsOf(fingerprint))]!;
    return Number.isNaN(value) ? undefined : value;
  }

  /** @param value any number but NaN */
  set(fingerprint: Uint8Array, value: number): void {
    if (this.#size >= this.#capacity * MAX_LOAD) this.#grow();
    this.#put(wordsOf(fingerprint), value);
  }

  #put(words: Uint32Array, value: number): void {
    const slot = this.#slotOf(words);
    if (Number.isNaN(this.#values[slot]!)) this.#size += 1;
    this.#words.set(words, slot * WORDS);
    this.#values[slot] = value;
  }

  /** Where a fingerprint is, or would be put. */
  #slotOf(words: Uint32Array): number {
    let slot = words[0]! % this.#capacity;
    while (!Number.isNaN(this.#values[slot]!)) {
      const at = slot * WORDS;
      if (words.every((word, index) => this.#words[at + index] === word)) return slot;
      slot = (slot + 1) % this.#capacity;
    }
    return slot;
  }

  #grow(): void {
    const words = this.#words;
    const values = this.#values;
    this.#capacity *= 2;
    this.#words = new Uint32Array(this.#capacity * WORDS);
    this.#values = new Float64Array(this.#capacity).fill(NaN);
    this.#size = 0;
    for (let slot = 0; slot < values.length; slot += 1) {
      if (!Number.isNaN(values[slot]!)) this.#put(words.subarray(slot * WORDS, (slot + 1) * WORDS), values[slot]!);
    }
  }
}

function wordsOf(fingerprint: Uint8Array): Uint32Array {
  // A copy: Buffer's own `slice` is none.
  return new Uint32Array(new Uint8Array(fingerprint.subarray(0, WORDS * 4)).buffer);
}
