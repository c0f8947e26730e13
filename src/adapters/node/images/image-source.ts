import { InvalidArgumentError } from '../../../core/index.js';
import { tagOf } from '../../shared/byte-arrays.js';
import { urlName } from '../../shared/fetch-bytes.js';
import {
  isUrl,
  looksLikeBase64,
  objectSource,
  shortName,
  type EncodedSource,
  type PixelSource,
} from '../../shared/images/image-source.js';
import type { RawImageSource } from '../../shared/images/raw-pixels.js';
import type { ByteStream } from '../../shared/read-stream.js';
import { pathOfUrl } from '../files/path-of-url.js';
import type { FilePath } from '../files/read-file.js';

/** What the library needs of an instance of sharp; of any version, and of any copy of the package. */
export interface SharpInstance {
  /** The sides of its input, in pixels. */
  metadata(): Promise<{ readonly width?: number; readonly height?: number }>;
  /** Another instance with the same pipeline; the given one is not changed. */
  clone(): unknown;
  /** Makes pixels its output. */
  raw(): unknown;
  /** Runs the pipeline. */
  toBuffer(): Promise<Uint8Array>;
}

/** What the library needs of a `FileHandle` of `node:fs/promises`. It is read from its position and not closed. */
export interface FileHandleLike {
  readonly fd: number;
  /** The bytes from its position on. */
  createReadStream(options: { readonly autoClose: boolean }): ByteStream;
}

/**
 * The forms in which the Node adapter takes an image:
 *
 * - a path, or a `file:`, `http:`, `https:` or `data:` URL, as a string or a `URL`;
 * - the bytes of an image file: `Buffer`, `Uint8Array`, `ArrayBuffer`, `Blob` or `File`;
 * - a stream of such bytes: a Node `Readable`, a web `ReadableStream`, a `FileHandle`, or another async iterable of `Uint8Array`;
 * - a `Response` of `fetch`;
 * - an instance of sharp: the result of its pipeline, upright;
 * - pixels that are decoded already ({@link RawImageSource}).
 *
 * Image files are JPEG, PNG, WebP, GIF, AVIF or TIFF, and HEIC if the package `heic-decode` is installed; of an animation the
 * first frame counts. SVG has no pixels of its own and is refused.
 *
 * Bytes and streams are read, not kept; a stream is read to its end, or cancelled if that fails.
 */
export type NodeImageSource =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ByteStream
  | FileHandleLike
  | Response
  | SharpInstance
  | RawImageSource;

/** An image file on the disk. */
export interface FileSource {
  readonly kind: 'file';
  /** For messages. */
  readonly name: string;
  readonly path: FilePath;
}

/** A pipeline of sharp. */
export interface SharpSource {
  readonly kind: 'sharp';
  /** For messages. */
  readonly name: string;
  readonly image: SharpInstance;
}

const ACCEPTED =
  'a path, a URL (file:, http:, https:, data:), a Buffer, Uint8Array, ArrayBuffer or Blob with the bytes of an image file, ' +
  'a stream of them, a Response, an instance of sharp, or raw pixels { data, width, height, channels }';

/**
 * Tells what form an image comes in.
 *
 * @throws InvalidArgumentError for a value of no form that is taken
 */
export function imageSource(source: NodeImageSource): EncodedSource | FileSource | SharpSource | PixelSource {
  const value: unknown = source;
  if (typeof value === 'string') return stringSource(value);
  if (typeof value !== 'object' || value === null) throw notAnImage(value === null ? 'null' : typeof value);
  if (isUrl(value)) return urlSource(new URL(value.href));
  if (isSharp(value)) return { kind: 'sharp', image: value, name: 'sharp' };
  if (isFileHandle(value)) {
    return { kind: 'stream', stream: value.createReadStream({ autoClose: false }), name: 'FileHandle' };
  }
  const found = objectSource(value);
  if (found) return found;
  throw notAnImage(`a value of type ${tagOf(value)}`);
}

function stringSource(text: string): EncodedSource | FileSource {
  if (text === '') throw notAnImage('an empty string');
  if (/^data:/i.test(text)) return { kind: 'data-url', href: text, name: 'data: URL' };
  const isUrlText = /^file:/i.test(text) || /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
  if (!isUrlText) return pathSource(text);
  if (!URL.canParse(text)) throw new InvalidArgumentError('image', `"${shortName(text)}" is not a valid URL.`);
  return urlSource(new URL(text));
}

function pathSource(path: string): FileSource {
  if (looksLikeBase64(path)) {
    throw new InvalidArgumentError(
      'image',
      `"${path.slice(0, 24)}…" (${path.length} characters) looks like base64. Put data:image/jpeg;base64, before it, or give Buffer.from(text, 'base64').`,
    );
  }
  if (path.includes('\0')) {
    throw new InvalidArgumentError('image', 'A path has no NUL character. Give the bytes of a file as a Buffer.');
  }
  return { kind: 'file', path, name: shortName(path) };
}

function urlSource(url: URL): EncodedSource | FileSource {
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      return { kind: 'url', url, name: shortName(urlName(url)) };
    case 'data:':
      return { kind: 'data-url', href: url.href, name: 'data: URL' };
    case 'file:':
      return { kind: 'file', path: pathOfUrl(url, 'image'), name: shortName(url.href) };
    default:
      throw new InvalidArgumentError('image', `${url.protocol} URLs are not read. Give ${ACCEPTED}.`);
  }
}

function isSharp(value: object): value is SharpInstance {
  return ['metadata', 'clone', 'raw', 'toBuffer'].every(
    (name) => typeof (value as Record<string, unknown>)[name] === 'function',
  );
}

function isFileHandle(value: object): value is FileHandleLike {
  return 'fd' in value && typeof value.fd === 'number' && 'createReadStream' in value;
}

function notAnImage(found: string): InvalidArgumentError {
  return new InvalidArgumentError('image', `An image is ${ACCEPTED}; this is ${found}.`);
}
