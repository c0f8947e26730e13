import { fileURLToPath } from 'node:url';
import { InvalidArgumentError } from '../../../core/index.js';
import { tagOf } from '../../shared/byte-arrays.js';
import { urlName } from '../../shared/fetch-bytes.js';
import { isUrl, objectKind, type EncodedSource, type PixelSource } from '../../shared/images/source-kind.js';
import type { NodeImageSource } from './image-source.js';

/** A picture file on the disk. */
export interface FileSource {
  readonly kind: 'file';
  /** For messages. */
  readonly name: string;
  readonly path: string;
}

const ACCEPTED =
  'a path, a URL (file:, http:, https:, data:), a Buffer, Uint8Array, ArrayBuffer or Blob with the bytes of a picture file, ' +
  'a stream of them, or raw pixels { data, width, height, channels }';

/**
 * Tells what form a picture comes in.
 *
 * @throws InvalidArgumentError for a value of no form that is taken
 */
export function sourceKind(source: NodeImageSource): EncodedSource | FileSource | PixelSource {
  const value: unknown = source;
  if (typeof value === 'string') return stringKind(value);
  if (typeof value !== 'object' || value === null) throw notAnImage(value === null ? 'null' : typeof value);
  if (isUrl(value)) return urlKind(new URL(value.href));
  const kind = objectKind(value);
  if (kind) return kind;
  throw notAnImage(`a value of type ${tagOf(value)}`);
}

function stringKind(text: string): EncodedSource | FileSource {
  if (text === '') throw notAnImage('an empty string');
  if (/^data:/i.test(text)) return { kind: 'data-url', href: text, name: 'data: URL' };
  const isUrlText = /^file:/i.test(text) || /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
  if (!isUrlText) return { kind: 'file', path: text, name: text };
  if (!URL.canParse(text)) throw new InvalidArgumentError('image', `"${text}" is not a valid URL.`);
  return urlKind(new URL(text));
}

function urlKind(url: URL): EncodedSource | FileSource {
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
