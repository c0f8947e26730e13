/** Code units of a text between two offsets whose bytes are known. */
const STEP = 1024;

/** Where offsets in a text are in its file: bytes, lines and columns. Long lines cost no more than short ones. */
export class FilePlaces {
  readonly #text: string;
  readonly #encoder = new TextEncoder();
  /** Offsets at which lines begin. */
  readonly #lines: readonly number[];
  /** Every {@link STEP} code units, but not within a character: an offset and the byte at it. */
  readonly #known: { readonly offset: number; readonly byte: number }[] = [];

  /**
   * @param text without its byte order mark
   * @param isMarked whether the file has one
   */
  constructor(text: string, isMarked: boolean) {
    this.#text = text;
    this.#lines = [0, ...Array.from(text.matchAll(/\r\n|\n|\r/g), (found) => found.index + found[0].length)];
    let [offset, byte] = [0, isMarked ? 3 : 0];
    for (let next = 0; next <= text.length; next += STEP) {
      const boundary = isLowSurrogate(text.charCodeAt(next)) ? next + 1 : next;
      byte += this.#bytes(offset, boundary);
      offset = boundary;
      this.#known.push({ offset, byte });
    }
  }

  /** From an offset in UTF-16 code units to the byte in the file. */
  byteOf(offset: number): number {
    const step = Math.floor(offset / STEP);
    const known = this.#known[step]!;
    // The middle of a character is no place; its end stands for it.
    return known.offset >= offset ? known.byte : known.byte + this.#bytes(known.offset, offset);
  }

  /** Line and column, each counted from 1; columns in UTF-16 code units. */
  lineOf(offset: number): { readonly line: number; readonly column: number } {
    let [low, high] = [0, this.#lines.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#lines[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - this.#lines[low]! + 1 };
  }

  #bytes(start: number, end: number): number {
    return this.#encoder.encode(this.#text.slice(start, end)).length;
  }
}

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
