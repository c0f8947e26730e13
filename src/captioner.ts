import type { Caption, CaptionResult } from './caption.js';
import { type CaptionOptions, splitCaptionOptions } from './caption-options.js';
import { DisposedError, type Manifest, type Platform } from './core/index.js';
import { finishText } from './finish-text.js';
import type { Model } from './model/index.js';
import { toPixelValues } from './preprocess/index.js';
import { prepareSearch, type Hypothesis } from './search/index.js';

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
  get manifest(): Manifest {
    return this.#model.manifest;
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
    if (this.#released) return Promise.reject(new DisposedError('The captioner'));
    const running = this.#caption(image, options);
    this.#running.add(running);
    const forget = (): void => void this.#running.delete(running);
    running.then(forget, forget);
    return running;
  }

  async #caption(image: Source, options: CaptionOptions): Promise<CaptionResult> {
    const { manifest, encoder, decoder, tokenizer } = this.#model;
    const { searching, decoding } = splitCaptionOptions(options, manifest);
    const search = prepareSearch(decoder, searching);
    options.signal?.throwIfAborted();
    const started = performance.now();
    const raw = await this.#platform.decodeImage(image, decoding);
    const decoded = performance.now();
    options.signal?.throwIfAborted();
    const pixelValues = toPixelValues(raw, manifest.image); // [1, 3, height, width]
    const preprocessed = performance.now();
    const encoded = await encoder.encode(pixelValues);
    const atSearch = performance.now();
    options.signal?.throwIfAborted();
    const hypotheses = await search(encoded);
    const ended = performance.now();
    const captions = hypotheses.map((hypothesis) => this.#write(hypothesis, tokenizer));
    const timing = {
      decodeMs: decoded - started,
      preprocessMs: preprocessed - decoded,
      encodeMs: atSearch - preprocessed,
      searchMs: ended - atSearch,
      totalMs: ended - started,
    };
    return { ...(captions[0] as Caption), captions, timing };
  }

  #write(hypothesis: Hypothesis, tokenizer: Model['tokenizer']): Caption {
    const { tokenIds, tokenLogProbs, attention, score, logProb, isFinished } = hypothesis;
    const tokens = tokenIds.map((id, index) => ({
      id,
      text: tokenizer.token(id) ?? '',
      logProb: tokenLogProbs[index] as number,
      ...(attention?.[index] && { attention: attention[index] }),
    }));
    return { text: finishText(tokenizer.decode(tokenIds), this.manifest.text), score, logProb, tokens, isFinished };
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
