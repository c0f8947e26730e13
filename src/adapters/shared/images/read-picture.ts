import { CaptioneerError, ImageUnreadableError } from '../../../core/index.js';
import { dataUrlBytes } from './data-url.js';
import type { ResolvedDecodeOptions } from './decode-options.js';
import { fetchBytes } from '../fetch-bytes.js';
import { readStream, type ReadStreamOptions } from '../read-stream.js';
import type { EncodedSource } from './source-kind.js';

/** How a picture's bytes are read. */
export interface ReadPictureOptions extends ResolvedDecodeOptions {
  /** Most bytes that a file, stream or URL may hold. */
  readonly maxBytes: number;
  /** What to do where a URL gives no answer. */
  readonly advice?: string;
}

/**
 * The bytes of a picture file, wherever they are.
 *
 * @throws ImageUnreadableError, FetchError, or the abort reason
 */
export async function readPicture(source: EncodedSource, options: ReadPictureOptions): Promise<Uint8Array> {
  const reading = readingOf(source.name, options);
  switch (source.kind) {
    case 'bytes':
      return source.bytes;
    case 'data-url':
      return dataUrlBytes(source.href);
    case 'url':
      return fetchBytes(source.url, { ...options, timeoutOf: 'answer', timeoutName: 'timeoutMs' });
    case 'blob':
      return explained(readStream(source.blob.stream(), reading), source.name, options.signal, explainStreamError);
    case 'stream':
      return explained(readStream(source.stream, reading), source.name, options.signal, explainStreamError);
  }
}

/** How a picture's bytes are taken from a stream or a file. */
export function readingOf(name: string, { maxBytes, signal }: ReadPictureOptions): ReadStreamOptions {
  const tooLong = (): Error =>
    new ImageUnreadableError(name, `${name}: the picture is larger than the ${maxBytes} bytes allowed. Shrink it.`);
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
