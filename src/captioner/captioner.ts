import { CaptionCall } from './caption-call.js';
import type { CaptionResult } from './caption-result.js';
import type { CaptionOptions } from './caption-options.js';
import { CaptionStream } from './caption-stream.js';
import {
  CaptioneerError,
  DisposedError,
  InvalidArgumentError,
  type ModelDescription,
  type Platform,
  type Tokenizer,
} from '../core/index.js';
import { inOrder } from './in-order.js';
import type { Model } from '../model/index.js';
import { BatchedDecoder } from '../search/index.js';

/** How many pictures are captioned. Both numbers together bound the memory. */
export type CaptionAllOptions = CaptionOptions & {
  /** Pictures that are read and encoded while others are being described, 1 … 64. Default 2. */
  readonly maxAhead?: number;
  /**
   * Pictures that are described together, 1 … 64, each word of all of them in one step where the model's graph can: more pictures
   * a second, but each waits for the others of its batch. Default 8.
   */
  readonly batchSize?: number;
};

/**
 * Turns pictures into sentences.
 *
 * Several captions may run at once on one captioner; each gives what it gives alone.
 *
 * @typeParam Source the forms in which the platform takes pictures
 */
export class Captioner<Source = unknown> implements AsyncDisposable {
  readonly #platform: Platform<Source>;
  readonly #model: Model;
  readonly #running = new Set<Promise<unknown>>();
  #released: Promise<void> | undefined;

  /**
   * @param platform decodes pictures
   * @param model from `openModel` on the same platform; the captioner releases it
   */
  constructor(platform: Platform<Source>, model: Model) {
    this.#platform = platform;
    this.#model = model;
  }

  /** What is known of the model: family, size of its pictures, licence, training data, measured quality. */
  get manifest(): ModelDescription {
    return this.#model.manifest;
  }

  /** Between text and the token ids that processors, criteria and biases speak of. */
  get tokenizer(): Tokenizer {
    return this.#model.tokenizer;
  }

  /**
   * Captions one picture.
   *
   * @param image a picture in any form that the platform takes
   * @throws ImageUnreadableError, ImageTooLargeError, FetchError for the picture; InvalidArgumentError for an option;
   *   DisposedError after `dispose`; RuntimeError where the runtime fails; the abort reason
   * @example
   * ```ts
   * const { text } = await captioner.caption('photo.jpg', { numBeams: 5 });
   * ```
   */
  caption(image: Source, options: CaptionOptions = {}): Promise<CaptionResult> {
    return this.#track(async () => {
      const call = this.#call(options);
      return call.describe(await call.see(image));
    });
  }

  /**
   * Captions one picture and gives the text while it comes into being: word by word where tokens are chosen one by one
   * (greedy search, sampling of one caption), and with beams as soon as all of them agree.
   *
   * Leaving the loop, like `signal`, ends the search after the step that is under way. Errors are those of
   * {@link caption}; they come when the first piece is asked for.
   *
   * @example
   * ```ts
   * for await (const piece of captioner.stream('photo.jpg')) process.stdout.write(piece);
   * ```
   */
  stream(image: Source, options: CaptionOptions = {}): CaptionStream {
    return new CaptionStream(this.#stream(image, options));
  }

  async *#stream(image: Source, options: CaptionOptions): AsyncGenerator<string, CaptionResult, void> {
    const call = this.#call(options);
    const pieces = call.say(await this.#track(() => call.see(image)));
    for (;;) {
      const { done, value } = await this.#track(() => pieces.next());
      if (done) return value;
      yield value;
    }
  }

  /**
   * Captions many pictures, in their order: `batchSize` of them are described together, and meanwhile the next are read and
   * encoded. Each gets the captions that it gets alone; its `searchMs` is that of the batch, as far as it took part.
   *
   * A picture that cannot be captioned is an outcome with status `rejected`, and the others go on. Leaving the loop ends it,
   * and closes the source of pictures.
   *
   * @param images any iterable of pictures, asynchronous or not; it is read as far as `batchSize` and `maxAhead` say
   * @throws InvalidArgumentError for an option, DisposedError, the abort reason, and what the iterable throws
   * @example
   * ```ts
   * for await (const outcome of captioner.captionAll(['a.jpg', 'b.jpg'])) {
   *   console.log(outcome.status === 'fulfilled' ? outcome.value.text : outcome.reason);
   * }
   * ```
   */
  async *captionAll(
    images: Iterable<Source> | AsyncIterable<Source>,
    options: CaptionAllOptions = {},
  ): AsyncGenerator<PromiseSettledResult<CaptionResult>, void, void> {
    const { maxAhead = 2, batchSize = 8, ...others } = options;
    checkImages(images);
    checkCount('maxAhead', maxAhead);
    checkCount('batchSize', batchSize);
    const together = new BatchedDecoder(this.#model.decoder);
    const call = this.#call(others, together);
    const outcomes = inOrder(images, {
      maxAhead,
      batchSize,
      first: (image) => this.#track(() => call.see(image)),
      second: (batch) => together.run(batch.map((seen) => () => this.#track(() => call.describe(seen)))),
    });
    for await (const outcome of outcomes) {
      others.signal?.throwIfAborted();
      if (outcome.status === 'rejected' && isFatal(outcome.reason)) throw outcome.reason;
      yield outcome;
    }
  }

  /** @throws DisposedError; InvalidArgumentError for an option */
  #call(options: CaptionOptions, decoder = this.#model.decoder): CaptionCall<Source> {
    if (this.#released) throw new DisposedError('The captioner');
    return new CaptionCall(this.#platform, this.#model, options, decoder);
  }

  /** Work on the model, which `dispose` waits for. */
  async #track<T>(work: () => Promise<T>): Promise<T> {
    if (this.#released) throw new DisposedError('The captioner');
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /**
   * Releases the model. Captions under way come to their end first; a later call of `caption` is a `DisposedError`.
   * May be called more than once.
   */
  dispose(): Promise<void> {
    this.#released ??= Promise.allSettled(this.#running).then(() => this.#model.release());
    return this.#released;
  }

  /** {@link dispose}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

/** A text or bytes are one picture, though they can be iterated over. */
function checkImages(images: unknown): void {
  const isOne = typeof images === 'string' || ArrayBuffer.isView(images);
  const isMany =
    typeof images === 'object' && images !== null && (Symbol.iterator in images || Symbol.asyncIterator in images);
  if (isMany && !isOne) return;
  throw new InvalidArgumentError(
    'images',
    'images must be a list or another iterable of pictures. For one, use caption().',
  );
}

function checkCount(argument: string, count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= 64) return;
  throw new InvalidArgumentError(argument, `${argument} must be an integer from 1 to 64, not ${String(count)}.`);
}

/** What is wrong with the call and not with one picture. */
function isFatal(reason: unknown): boolean {
  return CaptioneerError.isInstance(reason) && (reason.code === 'DISPOSED' || reason.code === 'INVALID_ARGUMENT');
}
