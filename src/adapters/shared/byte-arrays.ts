// Bytes may come from another realm (a frame, a vm context), so they are known by what they are and not by `instanceof`.

/** Whether a value is a `Uint8Array`, a Node `Buffer` too. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return tagOf(value) === 'Uint8Array';
}

/** Whether a value is an `ArrayBuffer` or a `SharedArrayBuffer`. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return ['ArrayBuffer', 'SharedArrayBuffer'].includes(tagOf(value));
}

/** What the language calls a value's kind, such as `Uint8Array` or `ImageBitmap`, whichever realm it comes from. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** Pieces as one. A single piece is passed on without copying. */
export function concatBytes(pieces: readonly Uint8Array[], length: number): Uint8Array {
  if (pieces.length === 1 && pieces[0]) return pieces[0];
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

/** One character for each byte, of the same code. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
