import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { InvalidArgumentError } from '../../core/index.js';
import { urlName } from './fetch-bytes.js';
import type { NodeImageSource, RawPixels } from './image-source.js';
import type { ByteStream } from './read-stream.js';

/** A picture's form, told apart; `name` stands for the picture in messages. */
export type SourceKind = { readonly name: string } & (
  | { readonly kind: 'pixels'; readonly pixels: RawPixels }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'data-url'; readonly href: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'blob'; readonly blob: Blob }
  | { readonly kind: 'stream'; readonly stream: ByteStream }
);

const ACCEPTED =
  'a path, a URL (file:, http:, https:, data:), a Buffer, Uint8Array, ArrayBuffer or Blob with the bytes of a picture file, ' +
  'a stream of them, or raw pixels { data, width, height, channels }';

/**
 * Tells what form a picture comes in.
 *
 * @throws InvalidArgumentError for a value of no form that is taken
 */
export function sourceKind(source: NodeImageSource): SourceKind {
  const value: unknown = source;
  if (typeof value === 'string') return stringKind(value);
  if (typeof value !== 'object' || value === null) throw notAnImage(value === null ? 'null' : typeof value);
  if (types.isUint8Array(value)) {
    return { kind: 'bytes', bytes: value, name: Buffer.isBuffer(value) ? 'Buffer' : 'Uint8Array' };
  }
  if (types.isAnyArrayBuffer(value)) return { kind: 'bytes', bytes: new Uint8Array(value), name: 'ArrayBuffer' };
  if (isUrl(value)) return urlKind(new URL(value.href));
  if (isBlob(value)) return { kind: 'blob', blob: value, name: blobName(value) };
  if (isStream(value)) return { kind: 'stream', stream: value, name: 'stream' };
  if ('data' in value && 'width' in value && 'height' in value) {
    return { kind: 'pixels', pixels: value as RawPixels, name: 'raw pixels' };
  }
  throw notAnImage(`a value of type ${Object.prototype.toString.call(value).slice(8, -1)}`);
}

function stringKind(text: string): SourceKind {
  if (text === '') throw notAnImage('an empty string');
  if (/^data:/i.test(text)) return { kind: 'data-url', href: text, name: 'data: URL' };
  const isUrlText = /^file:/i.test(text) || /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
  if (!isUrlText) return { kind: 'file', path: text, name: text };
  if (!URL.canParse(text)) throw new InvalidArgumentError('image', `"${text}" is not a valid URL.`);
  return urlKind(new URL(text));
}

function urlKind(url: URL): SourceKind {
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      return { kind: 'url', url, name: urlName(url) };
    case 'data:':
      return { kind: 'data-url', href: url.href, name: 'data: URL' };
    case 'file:':
      return { kind: 'file', path: pathOfUrl(url, 'image'), name: url.href };
    default:
      throw new InvalidArgumentError('image', `${url.protocol} URLs are not read. Give ${ACCEPTED}.`);
  }
}

/**
 * The path of a `file:` URL.
 *
 * @throws InvalidArgumentError where it has none, as `file://host/x` on Linux
 */
export function pathOfUrl(url: URL, argument: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new InvalidArgumentError(argument, `${url.href} names no local file: ${(cause as Error).message}.`);
  }
}

function notAnImage(found: string): InvalidArgumentError {
  return new InvalidArgumentError('image', `A picture is ${ACCEPTED}; this is ${found}.`);
}

// Values may come from another realm or another implementation, so they are known by what they can do.

function isUrl(value: object): value is URL {
  return 'href' in value && typeof value.href === 'string' && 'protocol' in value;
}

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
