import { CaptionCall, type EncodedSource } from './caption-call.js';
import type { CaptionResult } from './caption-result.js';
import { readCaptionOptions, type CaptionOptions, type ReadTextOptions } from './caption-options.js';
import { CaptionStream } from './caption-stream.js';
import {
  CaptioneerError,
  DisposedError,
  InvalidArgumentError,
  type ExecutionDevice,
  type ModelDescription,
  type Platform,
  type Tokenizer,
} from '../core/index.js';
import { inOrder } from './in-order.js';
import type { Model } from '../model/index.js';
import { BatchedDecoder } from '../search/index.js';
import { describeValue } from '../validate/index.js';

/** How a batch is captioned. Both numbers together bound the memory. */
export interface CaptionAllOptions extends CaptionOptions {
  /** Images that are read and encoded while others are captioned, 1 … 64. Default 2. */
  readonly maxAhead?: number;
  /**
   * Images that are captioned together, 1 … 64, each word of all of them in one step if the model's graph can: more images
   * a second, but each waits for the others of its batch. Default 8.
   */
  readonly batchSize?: number;
}

/**
 * What became of one image of a batch: its captions as `value`, or the error as `reason`, beside its place among the images
 * (`index`, from 0) and the image itself as it was given (`source`).
 */
export type CaptionOutcome<Source = unknown> = PromiseSettledResult<CaptionResult> & {
  /** Its place among the images, from 0. */
  readonly index: number;
  /** The image as it was given. */
  readonly source: Source;
};

/**
 * Turns images into sentences.
 *
 * Several captions may run at once on one captioner; each gives what it gives alone.
 *
 * @typeParam Source the forms in which the platform takes images
 */
export class Captioner<Source = unknown> implements AsyncDisposable {
  readonly #platform: Platform<Source>;
  readonly #model: Model;
  readonly #running = new Set<Promise<unknown>>();
  #released: Promise<void> | undefined;

  /**
   * @param platform decodes images
   * @param model from `openModel` on the same platform; the captioner releases it
   * @throws InvalidArgumentError if one of them is missing
   */
  constructor(platform: Platform<Source>, model: Model) {
    checkParts(platform, model);
    this.#platform = platform;
    this.#model = model;
  }

  /** What is known of the model: family, size of its images, licence, training data, measured quality. */
  get manifest(): ModelDescription {
    return this.#model.manifest;
  }

  /**
   * What runs the model, after any fallback: `cpu`, `wasm`, `webgpu`, …; undefined for sessions of your own that do not tell.
   */
  get device(): ExecutionDevice | undefined {
    return this.#model.device;
  }

  /** Between text and the token ids that processors, criteria and biases speak of. */
  get tokenizer(): Tokenizer {
    return this.#model.tokenizer;
  }

  /**
   * Captions one image.
   *
   * @param image in any form that the platform takes
   * @throws ImageUnreadableError, ImageTooLargeError, FetchError for the image; InvalidArgumentError for an argument;
   *   DisposedError after `dispose`; RuntimeError if the runtime fails; the abort reason
   * @example
   * ```ts
   * const { text } = await captioner.caption('photo.jpg', { numBeams: 5 });
   * ```
   */
  caption(image: Source, options?: CaptionOptions): Promise<CaptionResult> {
    return this.#track(async () => {
      const call = this.#call(options, 'caption()');
      return call.search(await call.encode(image));
    });
  }

  /**
   * Reads the text in one image (OCR), if the model can: `manifest.tasks.text`.
   *
   * @param image in any form that the platform takes
   * @returns as of a caption; `text` is what the image says, empty if it says nothing
   * @throws InvalidArgumentError if the model cannot read; what {@link caption} throws
   * @example
   * ```ts
   * const { text } = await captioner.readText('sign.jpg');
   * ```
   */
  readText(image: Source, options?: ReadTextOptions): Promise<CaptionResult> {
    return this.#track(async () => {
      const call = new CaptionCall(this.#platform, this.#model, options, this.#model.decoder, 'readText()', 'text');
      return call.search(await call.encode(image));
    });
  }

  /**
   * Captions one image and gives the text as it is generated: word by word if tokens are chosen one by one (greedy search,
   * sampling of one caption), and with beams as soon as all of them agree.
   *
   * Leaving the loop, like `signal`, ends the search after the step that is under way. Errors are those of
   * {@link caption}; they come when the first piece is asked for.
   *
   * @example
   * ```ts
   * for await (const piece of captioner.stream('photo.jpg')) process.stdout.write(piece);
   * ```
   */
  stream(image: Source, options?: CaptionOptions): CaptionStream {
    return new CaptionStream(this.#stream(image, options));
  }

  async *#stream(image: Source, options?: CaptionOptions): AsyncGenerator<string, CaptionResult, void> {
    const call = this.#call(options, 'stream()');
    const pieces = call.stream(await this.#track(() => call.encode(image)));
    for (;;) {
      const { done, value } = await this.#track(() => pieces.next());
      if (done) return value;
      yield value;
    }
  }

  /**
   * Captions many images, in their order: `batchSize` of them are captioned together, and meanwhile the next are read and
   * encoded. Each gets the captions that it gets alone; its `searchMs` is that of the batch, as far as it took part.
   *
   * An image that cannot be captioned, whatever is wrong with it, is an outcome with status `rejected`, and the others go on.
   * Leaving the loop ends the batch, and closes the source of images.
   *
   * @param images any iterable of images, asynchronous or not; it is read as far as `batchSize` and `maxAhead` say
   * @throws InvalidArgumentError for an option, DisposedError, the abort reason, and what the iterable throws
   * @example
   * ```ts
   * for await (const outcome of captioner.captionAll(['a.jpg', 'b.jpg'])) {
   *   console.log(outcome.source, outcome.status === 'fulfilled' ? outcome.value.text : outcome.reason);
   * }
   * ```
   */
  async *captionAll(
    images: Iterable<Source> | AsyncIterable<Source>,
    options?: CaptionAllOptions,
  ): AsyncGenerator<CaptionOutcome<Source>, void, void> {
    const of = 'captionAll()';
    const given = readCaptionOptions(options, of, ['maxAhead', 'batchSize']);
    const maxAhead = given.integer('maxAhead', 1, 64) ?? 2;
    const batchSize = given.integer('batchSize', 1, 64) ?? 8;
    checkImages(images);
    const { maxAhead: _, batchSize: __, ...others } = options ?? {};
    const together = new BatchedDecoder(this.#model.decoder);
    const call = this.#call(others, of, together);
    const { signal } = others;
    const ofSearch = new Set<unknown>();
    const outcomes = inOrder<Source, EncodedSource, CaptionResult>(images, {
      maxAhead,
      batchSize,
      signal,
      first: (image) => this.#track(() => call.encode(image)),
      second: async (batch) => {
        const results = await together.run(batch.map((encoded) => () => this.#track(() => call.search(encoded))));
        for (const result of results) if (result.status === 'rejected') ofSearch.add(result.reason);
        return results;
      },
    });
    for await (const outcome of outcomes) {
      signal?.throwIfAborted();
      if (outcome.status === 'rejected' && isFatal(outcome.reason, ofSearch)) throw outcome.reason;
      yield outcome;
    }
  }

  /** @throws DisposedError; InvalidArgumentError for an option */
  #call(options: CaptionOptions | undefined, of: string, decoder = this.#model.decoder): CaptionCall<Source> {
    if (this.#released) throw new DisposedError('The captioner');
    return new CaptionCall(this.#platform, this.#model, options, decoder, of);
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

/** A text or bytes are one image, though they can be iterated over. */
function checkImages(images: unknown): void {
  const isOne = typeof images === 'string' || ArrayBuffer.isView(images);
  const isMany =
    typeof images === 'object' && images !== null && (Symbol.iterator in images || Symbol.asyncIterator in images);
  if (isMany && !isOne) return;
  throw new InvalidArgumentError(
    'images',
    `images must be an array or another iterable of images, not ${describeValue(images)}. For one image use caption().`,
  );
}

/** Without a compiler `new Captioner()` is tried before `Captioner.load()`. */
function checkParts(platform: unknown, model: unknown): void {
  const isPlatform = typeof (platform as Partial<Platform> | undefined)?.decodeImage === 'function';
  if (isPlatform && typeof (model as Partial<Model> | undefined)?.release === 'function') return;
  throw new InvalidArgumentError(
    isPlatform ? 'model' : 'platform',
    'new Captioner() takes a platform and a model. Use "await Captioner.load()", which makes both.',
  );
}

/** Whether an error is about the whole batch: an option that is found to be wrong in the search, or a use after `dispose`. */
function isFatal(reason: unknown, ofSearch: ReadonlySet<unknown>): boolean {
  if (!CaptioneerError.isInstance(reason)) return false;
  return reason.code === 'DISPOSED' || (reason.code === 'INVALID_ARGUMENT' && ofSearch.has(reason));
}
