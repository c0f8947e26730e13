import { CaptioneerError, ImageUnreadableError } from '../../../core/index.js';
import type { ExchangeOptions } from '../../../http/index.js';
import { fetchBytes, responseBytes } from '../fetch-bytes.js';
import { readStream, type ReadStreamOptions } from '../read-stream.js';
import { dataUrlBytes } from './data-url.js';
import type { ResolvedDecodeOptions } from './decode-options.js';
import type { EncodedSource } from './image-source.js';

/** How an image's bytes are read. */
export interface ReadImageOptions
  extends
    Pick<ResolvedDecodeOptions, 'timeoutMs' | 'fetch' | 'signal'>,
    Pick<ExchangeOptions, 'headers' | 'advice' | 'redirects' | 'checkAddress'> {
  /** Most bytes of an image, in whichever form it comes. */
  readonly maxBytes: number;
}

/**
 * The bytes of an image file, wherever they are.
 *
 * @throws ImageUnreadableError, FetchError, or the abort reason
 */
export async function readImage(source: EncodedSource, options: ReadImageOptions): Promise<Uint8Array> {
  const reading = readingOf(source.name, options);
  const { maxBytes, signal } = options;
  switch (source.kind) {
    case 'bytes':
      if (source.bytes.byteLength > maxBytes) throw reading.tooLong();
      return source.bytes;
    case 'data-url':
      return dataUrlBytes(source.href, maxBytes, reading.tooLong);
    case 'url':
      return fetchBytes(source.url, { ...options, timeoutOf: 'answer', timeoutName: 'timeoutMs' });
    case 'blob':
      if (source.blob.size > maxBytes) throw reading.tooLong();
      return explained(readStream(source.blob.stream(), reading), source.name, signal, explainStreamError);
    case 'response':
      return explained(responseBytes(source.response, source.name, reading), source.name, signal, explainStreamError);
    case 'stream':
      return explained(readStream(source.stream, reading), source.name, signal, explainStreamError);
  }
}

/** How an image's bytes are taken from a stream or a file. */
export function readingOf(name: string, { maxBytes, signal }: ReadImageOptions): ReadStreamOptions {
  const tooLong = (): Error =>
    new ImageUnreadableError(
      name,
      `${name}: the image is larger than the ${maxBytes} bytes allowed. Shrink it, or raise maxImageBytes.`,
    );
  return { maxBytes, tooLong, signal };
}

/** Turns foreign errors into ours; lets the abort reason and our own pass. */
export async function explained<T>(
  reading: Promise<T>,
  name: string,
  signal: AbortSignal | undefined,
  explain: (error: unknown) => string,
): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    signal?.throwIfAborted();
    if (CaptioneerError.isInstance(error)) throw error;
    throw new ImageUnreadableError(name, `${name}: ${explain(error)}`, { cause: error });
  }
}

function explainStreamError(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `the stream failed (${reason}). Give one that is open and that nobody else reads.`;
}
