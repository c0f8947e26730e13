import type { RawPixels } from '../../shared/images/raw-pixels.js';
import type { ByteStream } from '../../shared/read-stream.js';

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
