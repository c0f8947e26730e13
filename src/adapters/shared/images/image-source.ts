import { isArrayBuffer, isUint8Array } from '../byte-arrays.js';
import type { ByteStream } from '../read-stream.js';
import type { RawImageSource } from './raw-pixels.js';

/** The file of an image, wherever its bytes are; `name` stands for the image in messages. */
export type EncodedSource = { readonly name: string } & (
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'data-url'; readonly href: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'blob'; readonly blob: Blob }
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'stream'; readonly stream: ByteStream }
);

/** An image that is decoded already. */
export interface PixelSource {
  readonly kind: 'pixels';
  readonly name: string;
  readonly pixels: RawImageSource;
}

/** Tells what form an object has, among those that every runtime takes; undefined for others, and for URLs. */
export function objectSource(value: object): EncodedSource | PixelSource | undefined {
  if (isUint8Array(value)) return { kind: 'bytes', bytes: value, name: value.constructor.name };
  if (isArrayBuffer(value)) return { kind: 'bytes', bytes: new Uint8Array(value), name: 'ArrayBuffer' };
  if (isResponse(value)) return { kind: 'response', response: value, name: shortName(value.url) || 'Response' };
  if (isBlob(value)) return { kind: 'blob', blob: value, name: blobName(value) };
  if (isStream(value)) return { kind: 'stream', stream: value, name: 'stream' };
  return rawSource(value);
}

/** Pixels, or the output of sharp, which may be a file: its `info` tells. */
function rawSource(value: object): EncodedSource | PixelSource | undefined {
  if ('bitmap' in value && typeof value.bitmap === 'object' && value.bitmap !== null) return rawSource(value.bitmap);
  if (!('data' in value)) return undefined;
  const info = 'info' in value ? (value.info as { readonly format?: unknown } | null) : undefined;
  if (typeof info?.format === 'string' && info.format !== 'raw' && isUint8Array(value.data)) {
    return { kind: 'bytes', bytes: value.data, name: 'Buffer' };
  }
  const isRaw = ('width' in value && 'height' in value) || 'shape' in value || (info !== undefined && info !== null);
  return isRaw ? { kind: 'pixels', pixels: value as RawImageSource, name: 'raw pixels' } : undefined;
}

/** Whether an object is a `URL`. */
export function isUrl(value: object): value is URL {
  return 'href' in value && typeof value.href === 'string' && 'protocol' in value;
}

/** Characters of a path or URL that a message repeats. */
const MAX_NAME = 300;

/** A path or URL for messages: the middle of an overlong one is left out. */
export function shortName(name: string): string {
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME / 2)}…${name.slice(-MAX_NAME / 2)}`;
}

/** How the base64 of a JPEG, PNG, GIF, WebP, TIFF, and AVIF or HEIC begins. */
const BASE64_START = /^\s*(\/9j\/|iVBORw0KGgo|R0lGOD|UklGR|SUkqA|TU0AK|AAAA[\w+/][GWm2]Z0eXB)/;
const BASE64_TEXT = /^[\sA-Za-z0-9+/=_-]+$/;

/** Whether a text is the base64 of an image file, and not a path: `data:…;base64,` was left out before it. */
export function looksLikeBase64(text: string): boolean {
  const isLong = text.length > 1024 && !/[.]/.test(text.slice(-8));
  return (isLong || (text.length > 40 && BASE64_START.test(text))) && BASE64_TEXT.test(text);
}

// Values may come from another realm or another implementation, so they are known by what they can do.

function isResponse(value: object): value is Response {
  return 'bodyUsed' in value && 'status' in value && 'headers' in value;
}

function isBlob(value: object): value is Blob {
  return 'size' in value && typeof value.size === 'number' && 'stream' in value && typeof value.stream === 'function';
}

function isStream(value: object): value is ByteStream {
  return Symbol.asyncIterator in value || ('getReader' in value && typeof value.getReader === 'function');
}

function blobName(blob: Blob): string {
  const name = (blob as Partial<File>).name;
  return typeof name === 'string' && name !== '' ? shortName(name) : 'Blob';
}
