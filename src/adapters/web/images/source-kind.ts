import { InvalidArgumentError } from '../../../core/index.js';
import { tagOf } from '../../shared/byte-arrays.js';
import { urlName } from '../../shared/fetch-bytes.js';
import { isUrl, objectKind, type EncodedSource, type PixelSource } from '../../shared/images/source-kind.js';
import type { DrawnSource, WebImageSource } from './image-source.js';
import { pageUrl } from '../page-url.js';

/** What the browser can draw; `name` stands for the picture in messages. */
export interface DrawableSource {
  readonly kind: 'drawable';
  readonly name: string;
  readonly image: DrawnSource | ImageData;
}

const DRAWABLE: readonly string[] = [
  'ImageBitmap',
  'HTMLImageElement',
  'HTMLCanvasElement',
  'HTMLVideoElement',
  'OffscreenCanvas',
  'VideoFrame',
];

const ACCEPTED =
  'a URL (http:, https:, blob:, data:), a File, Blob, ArrayBuffer or Uint8Array with the bytes of a picture file, a stream of ' +
  'them, an image, canvas, video, ImageBitmap, VideoFrame or ImageData, or raw pixels { data, width, height, channels }';

/**
 * Tells what form a picture comes in.
 *
 * @throws InvalidArgumentError for a value of no form that is taken
 */
export function sourceKind(source: WebImageSource): EncodedSource | PixelSource | DrawableSource {
  const value: unknown = source;
  if (typeof value === 'string') return value === '' ? notAnImage('an empty string') : urlKind(value);
  if (typeof value !== 'object' || value === null) return notAnImage(value === null ? 'null' : typeof value);
  const tag = tagOf(value);
  if (DRAWABLE.includes(tag) || (tag === 'ImageData' && !isPlain(value as ImageData))) {
    return { kind: 'drawable', image: value as DrawnSource | ImageData, name: tag };
  }
  if (isUrl(value)) return urlKind(value.href);
  return objectKind(value) ?? notAnImage(`a value of type ${tag}`);
}

function urlKind(text: string): EncodedSource {
  if (/^data:/i.test(text)) return { kind: 'data-url', href: text, name: 'data: URL' };
  const url = pageUrl(text, 'image');
  if (['http:', 'https:', 'blob:'].includes(url.protocol)) return { kind: 'url', url, name: urlName(url) };
  throw new InvalidArgumentError('image', `${url.protocol} URLs are not read. Give ${ACCEPTED}.`);
}

/** Whether pixels are 8-bit sRGB, as raw pixels are; others are converted by drawing them. */
function isPlain({ colorSpace, data }: ImageData): boolean {
  return colorSpace === 'srgb' && tagOf(data) === 'Uint8ClampedArray';
}

function notAnImage(found: string): never {
  throw new InvalidArgumentError('image', `A picture is ${ACCEPTED}; this is ${found}.`);
}
