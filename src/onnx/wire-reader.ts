import type { ByteSource } from '../core/index.js';
import { decodeUtf8 } from '../text/utf8.js';

/** Bytes in memory as a source. */
export function bytesAsSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.byteLength, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** One field of a protobuf message: where its content is or, for a number, its value. */
export interface WireField {
  readonly number: number;
  /** Where the field itself begins, its number and length included. */
  readonly start: number;
  /** Content of a text, of bytes or of a message; undefined for numbers. */
  readonly from: number;
  readonly to: number;
  /** Value of a varint; undefined for others. */
  readonly value: number | undefined;
}

/** The file is not what it should be. */
export class WireError extends Error {}

/** As much of a source is in memory at a time; what is skipped is not read. */
const WINDOW_BYTES = 2 ** 16;

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Reads protobuf's wire format (https://protobuf.dev/programming-guides/encoding) without building messages. */
export class WireReader {
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #windowAt = 0;
  #at = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get size(): number {
    return this.#source.size;
  }

  /**
   * The fields of the message in a range.
   *
   * @throws WireError if it is not a message
   */
  *fields(from: number, to: number): Generator<WireField> {
    let at = from;
    while (at < to) {
      this.#at = at;
      const key = this.#varint(to);
      const field = this.#field(at, Math.floor(key / 8), key % 8, to);
      at = field.to;
      yield field;
    }
  }

  /** The text of a field. */
  text({ from, to }: WireField): string {
    if (to - from > WINDOW_BYTES) throw new WireError('a text is too long');
    return decodeUtf8(this.bytes(from, to));
  }

  /** The bytes of a range, which are not to be changed. */
  bytes(from: number, to: number): Uint8Array {
    const offset = from - this.#windowAt;
    const isInWindow = offset >= 0 && offset + to - from <= this.#window.byteLength;
    if (isInWindow) return this.#window.subarray(offset, offset + to - from);
    const bytes = this.#source.read(from, to - from);
    if (bytes.byteLength !== to - from) throw new WireError('the file ends too early');
    return bytes;
  }

  #field(start: number, number: number, type: number, end: number): WireField {
    let value: number | undefined;
    let length = 0;
    if (type === VARINT) value = this.#varint(end);
    else if (type === FIXED64) length = 8;
    else if (type === FIXED32) length = 4;
    else if (type === BYTES) length = this.#varint(end);
    else throw new WireError(`fields of type ${type} are not read`);
    const from = this.#at;
    if (number < 1 || from + length > end) throw new WireError('a field ends outside its message');
    return { number, start, from, to: from + length, value };
  }

  /** A number of up to 64 bits; those above 2^53 lose their last digits, as no length and no kind has. */
  #varint(end: number): number {
    let value = 0;
    for (let scale = 1, count = 0; count < 10; scale *= 128, count++) {
      if (this.#at >= end) break;
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new WireError('a number does not end');
  }

  #byte(): number {
    const offset = this.#at - this.#windowAt;
    if (offset < 0 || offset >= this.#window.byteLength) {
      this.#windowAt = this.#at;
      this.#window = this.#source.read(this.#at, Math.min(WINDOW_BYTES, this.size - this.#at));
      if (this.#window.byteLength === 0) throw new WireError('the file ends too early');
      this.#at += 1;
      return this.#window[0] as number;
    }
    this.#at += 1;
    return this.#window[offset] as number;
  }
}
