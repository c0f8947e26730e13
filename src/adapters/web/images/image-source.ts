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
import { isFetchable, pageUrl } from '../page-url.js';

/**
 * What a browser shows an image by. Of a video the frame counts that is shown now; an image that is still loading is waited
 * for. One from another origin must be loaded with its leave (the attribute `crossorigin`), or its pixels cannot be read.
 */
export type DrawnSource =
  ImageBitmap | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | HTMLVideoElement | VideoFrame;

/**
 * The forms in which the web adapter takes an image:
 *
 * - a URL (`http:`, `https:`, `blob:` or `data:`, or relative to the page), as a string or a `URL`;
 * - the bytes of an image file: `File`, `Blob`, `ArrayBuffer` or `Uint8Array`;
 * - a stream of such bytes: a `ReadableStream`, or another async iterable of `Uint8Array`;
 * - a `Response` of `fetch`;
 * - what the page shows ({@link DrawnSource}): `<img>`, `<canvas>`, `<video>`, `OffscreenCanvas`, `ImageBitmap`, `VideoFrame`;
 * - pixels that are decoded already ({@link RawImageSource}, `ImageData`).
 *
 * Image files are JPEG, PNG, WebP, GIF or AVIF, and TIFF and HEIC if the browser decodes them; of an animation the first frame
 * counts. SVG has no pixels of its own and is refused.
 *
 * Nothing that is given is kept or closed; a stream is read to its end, or cancelled if that fails.
 */
export type WebImageSource =
  string | URL | Uint8Array | ArrayBuffer | Blob | ByteStream | Response | ImageData | DrawnSource | RawImageSource;

/** What the browser can draw; `name` stands for the image in messages. */
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
  'a URL (http:, https:, blob:, data:), a File, Blob, ArrayBuffer or Uint8Array with the bytes of an image file, a stream of ' +
  'them, a Response, an image, canvas, video, ImageBitmap, VideoFrame or ImageData, or raw pixels { data, width, height, channels }';

/**
 * Tells what form an image comes in.
 *
 * @throws InvalidArgumentError for a value of no form that is taken
 */
export function imageSource(source: WebImageSource): EncodedSource | PixelSource | DrawableSource {
  const value: unknown = source;
  if (typeof value === 'string') return value === '' ? notAnImage('an empty string') : urlSource(value);
  if (typeof value !== 'object' || value === null) return notAnImage(value === null ? 'null' : typeof value);
  const tag = tagOf(value);
  if (DRAWABLE.includes(tag) || (tag === 'ImageData' && !isPlain(value as ImageData))) {
    return { kind: 'drawable', image: value as DrawnSource | ImageData, name: tag };
  }
  if (isUrl(value)) return urlSource(value.href);
  return objectSource(value) ?? notAnImage(`a value of type ${tag}`);
}

function urlSource(text: string): EncodedSource {
  if (/^data:/i.test(text)) return { kind: 'data-url', href: text, name: 'data: URL' };
  if (looksLikeBase64(text)) {
    throw new InvalidArgumentError(
      'image',
      `"${text.slice(0, 24)}…" (${text.length} characters) looks like base64. Put data:image/jpeg;base64, before it.`,
    );
  }
  const url = pageUrl(text, 'image');
  if (url.protocol === 'blob:' || isFetchable(url)) {
    return { kind: 'url', url, name: shortName(urlName(url)) };
  }
  throw new InvalidArgumentError('image', `${url.protocol} URLs are not read. Give ${ACCEPTED}.`);
}

/** Whether pixels are 8-bit sRGB, as raw pixels are; others are converted by drawing them. */
function isPlain({ colorSpace, data }: ImageData): boolean {
  return colorSpace === 'srgb' && tagOf(data) === 'Uint8ClampedArray';
}

function notAnImage(found: string): never {
  throw new InvalidArgumentError('image', `An image is ${ACCEPTED}; this is ${found}.`);
}
