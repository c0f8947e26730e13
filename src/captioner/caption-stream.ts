import type { CaptionResult } from './caption-result.js';

/**
 * A caption that is being written: an iterable of pieces of text, which put together are the text of the result.
 *
 * The search goes on as pieces are asked for; leaving the loop ends it.
 *
 * @example
 * ```ts
 * const stream = captioner.stream('photo.jpg');
 * for await (const piece of stream) process.stdout.write(piece);
 * const { score } = await stream.result;
 * ```
 */
export class CaptionStream implements AsyncIterable<string> {
  /**
   * All that `caption` gives, once the stream has been read to its end. Rejects with what ended it: the error that the loop
   * throws too, or a DOMException `AbortError` where the loop was left.
   */
  readonly result: Promise<CaptionResult>;
  readonly #pieces: AsyncGenerator<string, void, void>;

  /** @param pieces what the stream yields, and at its end the result */
  constructor(pieces: AsyncGenerator<string, CaptionResult, void>) {
    const { promise, resolve, reject } = withResolvers<CaptionResult>();
    promise.catch(() => undefined); // A reader who leaves it alone hears of the error in the loop.
    this.result = promise;
    this.#pieces = forward(pieces, resolve, reject);
  }

  /** The pieces not read yet; there is one reading only. */
  [Symbol.asyncIterator](): AsyncGenerator<string, void, void> {
    return this.#pieces;
  }
}

async function* forward(
  pieces: AsyncGenerator<string, CaptionResult, void>,
  resolve: (result: CaptionResult) => void,
  reject: (reason: unknown) => void,
): AsyncGenerator<string, void, void> {
  try {
    resolve(yield* pieces);
  } catch (error) {
    reject(error);
    throw error;
  } finally {
    reject(new DOMException('The caption stream was left before its end.', 'AbortError')); // Too late where it is settled.
  }
}

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
