import type { RawPixels } from '../../shared/images/raw-pixels.js';
import type { ByteStream } from '../../shared/read-stream.js';

/**
 * What a browser shows a picture by. Of a video the frame counts that is shown now; an image that is still loading is waited
 * for. One from another origin must be loaded with its leave (the attribute `crossorigin`), or its pixels cannot be read.
 */
export type DrawnSource =
  ImageBitmap | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | HTMLVideoElement | VideoFrame;

/**
 * The forms in which the web adapter takes a picture:
 *
 * - a URL (`http:`, `https:`, `blob:` or `data:`, or relative to the page), as a string or a `URL`;
 * - the bytes of a picture file: `File`, `Blob`, `ArrayBuffer` or `Uint8Array`;
 * - a stream of such bytes: a `ReadableStream`, or another async iterable of `Uint8Array`;
 * - what the page shows ({@link DrawnSource}): `<img>`, `<canvas>`, `<video>`, `OffscreenCanvas`, `ImageBitmap`, `VideoFrame`;
 * - pixels that are decoded already ({@link RawPixels}, `ImageData`).
 *
 * Picture files are JPEG, PNG, WebP, GIF or AVIF, and TIFF where the browser decodes it; of an animation the first frame
 * counts. SVG has no pixels of its own and is refused.
 *
 * Nothing that is given is kept or closed; a stream is read to its end, or cancelled where that fails.
 */
export type WebImageSource =
  string | URL | Uint8Array | ArrayBuffer | Blob | ByteStream | ImageData | DrawnSource | RawPixels;
