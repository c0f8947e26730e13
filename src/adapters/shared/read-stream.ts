import { InvalidArgumentError } from '../../core/index.js';
import { ignore, untilAborted } from '../../async/until-aborted.js';
import { concatBytes, isUint8Array } from './byte-arrays.js';

/** Bytes that arrive in pieces: a Node stream, a web stream, or any other async iterable of `Uint8Array`. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** How a stream is read. */
export interface ReadStreamOptions {
  /** Most bytes taken. */
  readonly maxBytes: number;
  /** The error for a stream that has more. */
  readonly tooLong: () => Error;
  /** Hears of each piece. */
  readonly onChunk?: ((chunk: Uint8Array) => void) | undefined;
  /** Stops the reading; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a stream to its end. If that fails, for whatever reason, the stream is cancelled, so that nothing continues
 * behind the caller's back.
 *
 * @throws the stream's own error; `tooLong()`; InvalidArgumentError for pieces that are not bytes; the abort reason
 */
export async function readStream(stream: ByteStream, options: ReadStreamOptions): Promise<Uint8Array> {
  const source = 'getReader' in stream ? fromWebStream(stream) : fromIterable(stream);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      options.signal?.throwIfAborted();
      const chunk = await untilAborted(source.next(), options.signal);
      if (chunk === undefined) break;
      if (!isUint8Array(chunk)) throw notBytes(chunk);
      options.onChunk?.(chunk);
      length += chunk.byteLength;
      if (length > options.maxBytes) throw options.tooLong();
      chunks.push(chunk);
    }
  } catch (error) {
    source.cancel();
    throw error;
  }
  return concatBytes(chunks, length);
}

/** What reading needs of a stream. */
interface ChunkSource {
  /** The next piece, whatever it is; undefined at the end. */
  next(): Promise<unknown>;
  /** Gives the stream up, without waiting for it. */
  cancel(): void;
}

function fromWebStream(stream: ReadableStream<Uint8Array>): ChunkSource {
  const reader = stream.getReader();
  return {
    next: async () => (await reader.read()).value,
    cancel: () => void reader.cancel().catch(ignore),
  };
}

function fromIterable(stream: AsyncIterable<Uint8Array> & { destroy?: () => void }): ChunkSource {
  const iterator = stream[Symbol.asyncIterator]();
  return {
    next: async () => {
      const result = await iterator.next();
      return result.done === true ? undefined : result.value;
    },
    cancel: () => {
      // A Node stream is destroyed at once; a generator would only see `return` once its pending `next` is over.
      if (typeof stream.destroy === 'function') stream.destroy();
      else void iterator.return?.().catch(ignore);
    },
  };
}

function notBytes(chunk: unknown): InvalidArgumentError {
  const found = typeof chunk === 'string' ? 'text: do not call setEncoding on it' : typeof chunk;
  return new InvalidArgumentError('image', `A stream must give Uint8Array pieces, this one gives ${found}.`);
}
