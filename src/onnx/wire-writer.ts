const VARINT = 0;
const BYTES = 2;

/** The field of a number: its value as a varint. */
export function numberField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(number * 8 + VARINT), ...varint(value)]);
}

/** The field of a text. */
export function textField(number: number, text: string): Uint8Array {
  return bytesField(number, new TextEncoder().encode(text));
}

/** The field of bytes or of a message, whose fields may be given one by one. */
export function bytesField(number: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return concat([Uint8Array.from([...varint(number * 8 + BYTES), ...varint(length)]), ...content]);
}

/** Bytes one after the other. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
