import { isArrayBuffer, isUint8Array } from '../byte-arrays.js';
import type { RawPixels } from './raw-pixels.js';
import type { ByteStream } from '../read-stream.js';

/** The file of a picture, wherever its bytes are; `name` stands for the picture in messages. */
export type EncodedSource = { readonly name: string } & (
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'data-url'; readonly href: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'blob'; readonly blob: Blob }
  | { readonly kind: 'stream'; readonly stream: ByteStream }
);

/** A picture that is decoded already. */
export interface PixelSource {
  readonly kind: 'pixels';
  readonly name: string;
  readonly pixels: RawPixels;
}

/** Tells what form an object has, among those that every runtime takes; undefined for others, and for URLs. */
export function objectKind(value: object): EncodedSource | PixelSource | undefined {
  if (isUint8Array(value)) return { kind: 'bytes', bytes: value, name: value.constructor.name };
  if (isArrayBuffer(value)) return { kind: 'bytes', bytes: new Uint8Array(value), name: 'ArrayBuffer' };
  if (isBlob(value)) return { kind: 'blob', blob: value, name: blobName(value) };
  if (isStream(value)) return { kind: 'stream', stream: value, name: 'stream' };
  if ('data' in value && 'width' in value && 'height' in value) {
    return { kind: 'pixels', pixels: value as RawPixels, name: 'raw pixels' };
  }
  return undefined;
}

/** Whether an object is a `URL`. */
export function isUrl(value: object): value is URL {
  return 'href' in value && typeof value.href === 'string' && 'protocol' in value;
}

// Values may come from another realm or another implementation, so they are known by what they can do.

function isBlob(value: object): value is Blob {
  return 'size' in value && typeof value.size === 'number' && 'stream' in value && typeof value.stream === 'function';
}

function isStream(value: object): value is ByteStream {
  return Symbol.asyncIterator in value || ('getReader' in value && typeof value.getReader === 'function');
}

function blobName(blob: Blob): string {
  const name = (blob as Partial<File>).name;
  return typeof name === 'string' && name !== '' ? name : 'Blob';
}
