import type { CaptionOptions, ReadTextOptions } from '../captioner/caption-options.js';
import type { CaptionResult } from '../captioner/caption-result.js';
import { CaptionStream } from '../captioner/caption-stream.js';
import type { CaptionAllOptions, CaptionOutcome } from '../captioner/captioner.js';
import {
  DisposedError,
  InvalidArgumentError,
  type ExecutionDevice,
  type LoadOptions,
  type ModelDescription,
} from '../core/index.js';
import { Connection, type RequestOptions, type WorkerPort } from './connection.js';
import { fromErrorMessage } from './error-message.js';
import type { LoadedMessage } from './protocol.js';

/** An image in a form that a worker can be sent. */
export interface SentImage {
  readonly image: unknown;
  /** What moves to the worker instead of being copied. */
  readonly transfer?: readonly object[];
}

/** What a runtime provides for a captioner in a worker. */
export interface WorkerRuntime<Source> {
  /** Starts a worker that answers requests. */
  start(): WorkerPort;
  /**
   * Makes of an image what a worker can be sent. Bytes are copied, so that the caller keeps them.
   * @throws as the platform's `decodeImage`
   */
  send(image: Source): SentImage | Promise<SentImage>;
}

/** Functions that are called in the caller's thread. */
type Hooks = Pick<LoadOptions, 'progress' | 'onWarning'>;

/**
 * A captioner in a worker: the same calls, and the caller's thread stays free. If the worker ends by itself, calls under way reject
 * with a RuntimeError, and the next call starts a new one.
 *
 * @typeParam Source the forms in which the runtime takes images
 */
export class WorkerCaptioner<Source> implements AsyncDisposable {
  readonly #runtime: WorkerRuntime<Source>;
  readonly #source: unknown;
  readonly #options: object;
  readonly #hooks: Hooks;
  #connection: Promise<Connection> | undefined;
  #loaded: LoadedMessage | undefined;
  #disposed: Promise<void> | undefined;

  /** Use `Captioner.load` of `captioneer/worker`. */
  protected constructor(runtime: WorkerRuntime<Source>, source: unknown, options: LoadOptions) {
    const { progress, onWarning, signal: _, ...others } = options;
    this.#runtime = runtime;
    this.#source = source;
    this.#options = cloneable(others, 'load()');
    this.#hooks = { ...(progress && { progress }), ...(onWarning && { onWarning }) };
  }

  /** What is known of the model: family, size of its images, licence, training data, measured quality. */
  get manifest(): ModelDescription {
    return this.#loaded!.manifest;
  }

  /** What runs the model, after any fallback: `cpu`, `wasm`, `webgpu`, … */
  get device(): ExecutionDevice | undefined {
    return this.#loaded!.device;
  }

  /** Starts the worker and loads the model in it. */
  protected async open(signal?: AbortSignal): Promise<void> {
    await this.#connect(signal);
  }

  /**
   * Captions one image. Arguments and errors are those of `Captioner.caption`; options that hold functions (rules of your own, `fetch`)
   * cannot be sent to a worker and are refused.
   *
   * @throws InvalidArgumentError for an option that cannot be sent; RuntimeError if the worker ends; what `Captioner.caption` throws
   */
  async caption(image: Source, options: CaptionOptions = {}): Promise<CaptionResult> {
    return this.#ofOne('caption', image, options, 'caption()');
  }

  /** Reads the text in one image, as `Captioner.readText` does. */
  async readText(image: Source, options: ReadTextOptions = {}): Promise<CaptionResult> {
    return this.#ofOne('read-text', image, options, 'readText()');
  }

  async #ofOne(
    kind: 'caption' | 'read-text',
    image: Source,
    options: CaptionOptions,
    of: string,
  ): Promise<CaptionResult> {
    const { signal, ...others } = options;
    const sent = cloneable(others, of);
    const { image: moved, transfer } = await this.#runtime.send(image);
    return (await this.#request({ kind, image: moved, options: sent }, { signal, transfer })) as CaptionResult;
  }

  /** Captions one image and gives the text as it is generated, as `Captioner.stream` does. */
  stream(image: Source, options: CaptionOptions = {}): CaptionStream {
    return new CaptionStream(this.#stream(image, options));
  }

  async *#stream(image: Source, options: CaptionOptions): AsyncGenerator<string, CaptionResult, void> {
    const { signal, ...others } = options;
    const left = linkedController(signal);
    const sent = cloneable(others, 'stream()');
    const { image: moved, transfer } = await this.#runtime.send(image);
    const pieces = new Queue<string>();
    const result = this.#request(
      { kind: 'stream', image: moved, options: sent },
      {
        signal: left.signal,
        transfer,
        onEvent: (event) => event.kind === 'piece' && pieces.put(event.piece),
      },
    );
    result.then(
      () => pieces.end(),
      () => pieces.end(),
    );
    try {
      for await (const piece of pieces) yield piece;
      return (await result) as CaptionResult;
    } finally {
      left.abort(new DOMException('The caption stream was left before its end.', 'AbortError'));
    }
  }

  /** Captions many images, in their order, as `Captioner.captionAll` does. */
  async *captionAll(
    images: Iterable<Source> | AsyncIterable<Source>,
    options: CaptionAllOptions = {},
  ): AsyncGenerator<CaptionOutcome<Source>, void, void> {
    const { signal, ...others } = options;
    const left = linkedController(signal);
    const sent = cloneable(others, 'captionAll()');
    const iterator = toAsyncIterator(images);
    // Only of images that are under way: a batch may have millions.
    const sources = new Map<number, Source>();
    let numSent = 0;
    const outcomes = new Queue<CaptionOutcome<Source>>();
    let failure: { readonly reason: unknown } | undefined;
    let next = (): void => undefined;
    const batch = this.#request(
      { kind: 'batch', options: sent },
      {
        signal: left.signal,
        onEvent: (event, reply) => {
          next = () => reply({ kind: 'next' });
          if (event.kind === 'outcome') {
            const { index, ...outcome } = event.outcome;
            const source = sources.get(index) as Source;
            sources.delete(index);
            outcomes.put(
              outcome.status === 'fulfilled'
                ? { ...outcome, index, source }
                : { status: 'rejected', reason: fromErrorMessage(outcome.reason), index, source },
            );
          } else if (event.kind === 'pull') {
            this.#answerPull(iterator, (source) => sources.set(numSent++, source), reply).catch((reason: unknown) => {
              failure = { reason };
              left.abort(reason);
            });
          }
        },
      },
    );
    batch.then(
      () => outcomes.end(),
      () => outcomes.end(),
    );
    try {
      for await (const outcome of outcomes) {
        yield outcome;
        next();
      }
      await batch.catch((error: unknown) => {
        throw failure ? failure.reason : error;
      });
    } finally {
      left.abort(new DOMException('The batch was left before its end.', 'AbortError'));
      await iterator.return?.();
    }
  }

  async #answerPull(
    iterator: AsyncIterator<Source>,
    remember: (source: Source) => void,
    reply: Parameters<NonNullable<RequestOptions['onEvent']>>[1],
  ): Promise<void> {
    const next = await iterator.next();
    if (next.done === true) {
      reply({ kind: 'end' });
      return;
    }
    const { value } = next;
    remember(value);
    // An image that cannot be sent is refused by the worker in the words of the platform.
    const sent = await Promise.resolve(value)
      .then((image) => this.#runtime.send(image))
      .catch((): SentImage => ({ image: undefined }));
    reply({ kind: 'image', image: sent.image }, sent.transfer);
  }

  /**
   * Releases the model and ends the worker. Captions under way come to their end first; a later call is a `DisposedError`. May be called
   * more than once.
   */
  dispose(): Promise<void> {
    this.#disposed ??= this.#close();
    return this.#disposed;
  }

  /** {@link dispose}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    // The worker ends by itself once it has answered. One that has ended already needs nothing.
    await connection?.request({ kind: 'dispose' }).catch(() => connection.terminate());
  }

  async #request(message: Parameters<Connection['request']>[0], options: RequestOptions): Promise<unknown> {
    if (this.#disposed) throw new DisposedError('The captioner');
    const connection = await this.#connect(options.signal);
    return connection.request(message, options);
  }

  /** The worker with its model; a new one if there is none, or the last one has ended. */
  async #connect(signal?: AbortSignal): Promise<Connection> {
    const current = await this.#connection?.catch(() => undefined);
    if (current && !current.hasEnded) return current;
    this.#connection = this.#start(signal);
    return this.#connection;
  }

  async #start(signal?: AbortSignal): Promise<Connection> {
    const connection = new Connection(this.#runtime.start());
    try {
      this.#loaded = (await connection.request(
        { kind: 'load', source: this.#source, options: this.#options },
        {
          signal,
          onEvent: (event) => {
            if (event.kind === 'progress') this.#hooks.progress?.(event.progress);
            if (event.kind === 'warning') this.#hooks.onWarning?.(event.warning);
          },
        },
      )) as LoadedMessage;
      return connection;
    } catch (error) {
      connection.terminate();
      throw error;
    }
  }
}

/** @throws InvalidArgumentError which names the first option that cannot be copied to another thread */
function cloneable<Options extends object>(options: Options, call: string): Options {
  for (const [name, value] of Object.entries(options)) {
    try {
      structuredClone(value);
    } catch {
      throw new InvalidArgumentError(
        name,
        `${name} of ${call} holds something that cannot be sent to a worker, such as a function. ` +
          "Leave it out, or use the Captioner of 'captioneer', which runs in this thread.",
      );
    }
  }
  return options;
}

function toAsyncIterator<T>(items: Iterable<T> | AsyncIterable<T>): AsyncIterator<T> {
  if (Symbol.asyncIterator in items) return items[Symbol.asyncIterator]();
  const iterator = items[Symbol.iterator]();
  return {
    next: () => Promise.resolve(iterator.next()),
    return: () => Promise.resolve(iterator.return?.() ?? { done: true, value: undefined }),
  };
}

/** A controller that aborts with a signal, too, until it is aborted itself. */
function linkedController(signal: AbortSignal | undefined): AbortController {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { signal: controller.signal });
  return controller;
}

/** What has arrived and has not been read yet. */
class Queue<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #hasEnded = false;
  #wake: () => void = () => undefined;

  put(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      while (this.#items.length > 0) yield this.#items.shift() as T;
      if (this.#hasEnded) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
