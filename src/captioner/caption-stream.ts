import { InvalidArgumentError } from '../core/index.js';
import type { CaptionResult } from './caption-result.js';

/**
 * A caption as it is generated: an iterable of pieces of text, which put together are the text of the result.
 *
 * The search advances as pieces are asked for, and runs to its end once `result` is asked for. Leaving the loop ends it, unless
 * `result` has been asked for.
 *
 * @example
 * ```ts
 * const stream = captioner.stream('photo.jpg');
 * for await (const piece of stream) process.stdout.write(piece);
 * const { score } = await stream.result;
 * ```
 */
export class CaptionStream implements AsyncIterable<string> {
  readonly #source: AsyncGenerator<string, CaptionResult, void>;
  /** What has been written so far, for a reader who comes later. */
  readonly #pieces: string[] = [];
  readonly #result = withResolvers<CaptionResult>();
  #step: Promise<void> | undefined;
  #hasEnded = false;
  #hasReader = false;
  #isDriven = false;

  /** @param source gives the pieces, and at its end the result */
  constructor(source: AsyncGenerator<string, CaptionResult, void>) {
    this.#source = source;
    this.#result.promise.catch(() => undefined); // A reader who leaves it alone hears of the error in the loop.
  }

  /**
   * All that `caption` gives. Asking for it runs the search to its end, whether or not anybody reads the pieces. Rejects with what
   * ended the search: the error that the loop throws too, or a DOMException `AbortError` if the loop was left.
   */
  get result(): Promise<CaptionResult> {
    if (!this.#isDriven) {
      this.#isDriven = true;
      void this.#drive();
    }
    return this.#result.promise;
  }

  /**
   * The pieces, from the first.
   *
   * @throws InvalidArgumentError if the stream has a reader already
   */
  [Symbol.asyncIterator](): AsyncGenerator<string, void, void> {
    if (this.#hasReader) {
      throw new InvalidArgumentError(
        'stream',
        'A caption stream has one reader, and this one has been read. Call stream() again, or read stream.result.',
      );
    }
    this.#hasReader = true;
    return this.#read();
  }

  async *#read(): AsyncGenerator<string, void, void> {
    try {
      for (let next = 0; ; next++) {
        while (next >= this.#pieces.length) {
          if (this.#hasEnded) {
            await this.#result.promise;
            return;
          }
          await this.#advance();
        }
        yield this.#pieces[next] as string;
      }
    } finally {
      if (!this.#hasEnded && !this.#isDriven) await this.#leave();
    }
  }

  async #drive(): Promise<void> {
    while (!this.#hasEnded) await this.#advance();
  }

  /** Takes the next piece; callers at one time share it. What goes wrong goes to the result. */
  #advance(): Promise<void> {
    this.#step ??= this.#source
      .next()
      .then(({ done, value }) => {
        if (!done) return void this.#pieces.push(value);
        this.#hasEnded = true;
        this.#result.resolve(value);
      })
      .catch((error: unknown) => {
        this.#hasEnded = true;
        this.#result.reject(error);
      })
      .finally(() => (this.#step = undefined));
    return this.#step;
  }

  async #leave(): Promise<void> {
    this.#hasEnded = true;
    this.#result.reject(new DOMException('The caption stream was left before its end.', 'AbortError'));
    // What it would have returned is not needed, so what is given here does not matter.
    await this.#source.return(undefined as never);
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
