import { CaptioneerError, ImageUnreadableError } from '../../core/index.js';
import { dataUrlBytes } from './data-url.js';
import type { ResolvedDecodeOptions } from './decode-options.js';
import { fetchBytes } from './fetch-bytes.js';
import { explainFileError, readFile } from './read-file.js';
import { readStream, type ReadStreamOptions } from './read-stream.js';
import type { SourceKind } from './source-kind.js';

/**
 * The bytes of a picture file, wherever they are.
 *
 * @param maxBytes most bytes that a file, stream or URL may hold
 * @throws ImageUnreadableError, FetchError, or the abort reason
 */
export async function readPicture(
  source: Exclude<SourceKind, { kind: 'pixels' }>,
  options: ResolvedDecodeOptions,
  maxBytes: number,
): Promise<Uint8Array> {
  const { name } = source;
  const { signal, fetch, timeoutMs } = options;
  const tooLong = (): Error =>
    new ImageUnreadableError(name, `${name}: the picture is larger than the ${maxBytes} bytes allowed. Shrink it.`);
  const reading: ReadStreamOptions = { maxBytes, tooLong, signal };
  switch (source.kind) {
    case 'bytes':
      return source.bytes;
    case 'data-url':
      return dataUrlBytes(source.href);
    case 'url':
      return fetchBytes(source.url, {
        fetch,
        signal,
        maxBytes,
        timeoutMs,
        timeoutOf: 'answer',
        timeoutName: 'timeoutMs',
      });
    case 'file':
      return explained(readFile(source.path, reading), name, signal, explainFileError);
    case 'blob':
      return explained(readStream(source.blob.stream(), reading), name, signal, explainStreamError);
    case 'stream':
      return explained(readStream(source.stream, reading), name, signal, explainStreamError);
  }
}

/** Turns foreign errors into ours; lets the abort reason and our own pass. */
async function explained<T>(
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
