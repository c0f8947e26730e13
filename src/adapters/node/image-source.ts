import type { ByteStream } from './read-stream.js';

/**
 * Pixels that are decoded already: 8 bits a channel, row by row from the top left, no padding. One channel is grey, two
 * are grey and alpha, three are red, green and blue, four have alpha as well; alpha is straight, not premultiplied.
 *
 * The library's own `RawImage`, the browser's `ImageData` and sharp's raw output are of this form.
 */
export interface RawPixels {
  /** `height × width × channels` bytes. They are not copied: leave them unchanged until the call is over. */
  readonly data: Uint8Array | Uint8ClampedArray;
  /** Width in pixels, at least 1. */
  readonly width: number;
  /** Height in pixels, at least 1. */
  readonly height: number;
  /** Channels of a pixel. Default: what the length of `data` says. */
  readonly channels?: 1 | 2 | 3 | 4 | undefined;
}

/**
 * The forms in which the Node adapter takes a picture:
 *
 * - a path, or a `file:`, `http:`, `https:` or `data:` URL, as a string or a `URL`;
 * - the bytes of a picture file: `Buffer`, `Uint8Array`, `ArrayBuffer`, `Blob` or `File`;
 * - a stream of such bytes: a Node `Readable`, a web `ReadableStream`, or another async iterable of `Uint8Array`;
 * - pixels that are decoded already ({@link RawPixels}).
 *
 * Picture files are JPEG, PNG, WebP, GIF, AVIF or TIFF; of an animation the first frame counts. SVG has no pixels of its
 * own and is refused.
 *
 * Bytes and streams are read, not kept; a stream is read to its end, or cancelled where that fails.
 */
export type NodeImageSource = string | URL | Uint8Array | ArrayBuffer | Blob | ByteStream | RawPixels;
