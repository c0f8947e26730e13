import { toCaptionResult, type CaptionResult, type CaptionTiming } from './caption-result.js';
import { type CaptionOptions, readCaptionOptions, splitCaptionOptions, type SplitOptions } from './caption-options.js';
import { CaptionWriter } from './caption-writer.js';
import { drain } from '../core/drain.js';
import type { CaptionDecoder, EncodedImage, Platform } from '../core/index.js';
import type { Model } from '../model/index.js';
import { imageStatistics, type ImageStatistics, toPixelValues } from '../preprocess/index.js';
import { prepareSearch, type SearchProgress, settledTokens, type Hypothesis } from '../search/index.js';
import { inWords } from './word-options.js';

/** An image as the encoder gave it. */
export interface EncodedSource {
  readonly encoded: EncodedImage;
  readonly statistics: ImageStatistics;
  readonly timing: Pick<CaptionTiming, 'decodeMs' | 'preprocessMs' | 'encodeMs'>;
}

/** One call of the captioner: its options, checked, and the way from an image to its captions in two halves. */
export class CaptionCall<Source> {
  readonly #platform: Platform<Source>;
  readonly #model: Model;
  readonly #options: CaptionOptions;
  readonly #split: SplitOptions;
  readonly #search: (image: EncodedImage) => AsyncGenerator<SearchProgress, Hypothesis[], void>;
  readonly #writer: CaptionWriter;

  /**
   * @param decoder the model's, or one that stands for it
   * @param of the function that was called, for messages
   * @throws InvalidArgumentError for an option that is unknown, wrong or contradicts another
   */
  constructor(
    platform: Platform<Source>,
    model: Model,
    options: CaptionOptions | undefined,
    decoder: CaptionDecoder,
    of: string,
  ) {
    const given = readCaptionOptions(options, of);
    this.#platform = platform;
    this.#model = model;
    this.#options = options ?? {};
    this.#split = splitCaptionOptions(this.#options, given, model);
    try {
      this.#search = prepareSearch(decoder, this.#split.searching);
    } catch (error) {
      throw inWords(error, this.#options);
    }
    const { prefix, hasAttention, searching } = this.#split;
    this.#writer = new CaptionWriter(model, { prefix, hasAttention, maxLength: searching.maxLength ?? Infinity });
  }

  /** Reads, preprocesses and encodes an image. */
  async encode(image: Source): Promise<EncodedSource> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    const started = performance.now();
    const raw = await this.#platform.decodeImage(image, this.#split.decoding);
    const decoded = performance.now();
    signal?.throwIfAborted();
    const spec = this.#model.manifest.image;
    const pixelValues = toPixelValues(raw, spec); // [1, 3, height, width]
    const statistics = imageStatistics(pixelValues, spec);
    const preprocessed = performance.now();
    const encoded = await this.#model.encoder.encode(pixelValues);
    const ended = performance.now();
    signal?.throwIfAborted();
    return {
      encoded,
      statistics,
      timing: {
        decodeMs: decoded - started,
        preprocessMs: preprocessed - decoded,
        encodeMs: ended - preprocessed,
      },
    };
  }

  /** Searches for captions of an image. */
  search(encoded: EncodedSource): Promise<CaptionResult> {
    return drain(this.#progress(encoded));
  }

  /** Searches for captions of an image: the result after pieces of its text, as soon as they will not change any more. */
  async *stream(encoded: EncodedSource): AsyncGenerator<string, CaptionResult, void> {
    const progress = this.#progress(encoded);
    let written = '';
    for (;;) {
      const { done, value } = await progress.next();
      const text = done ? value.text : this.#writer.writeBeginning(settledTokens(value));
      if (text.length > written.length) yield text.slice(written.length);
      written = text;
      if (done) return value;
    }
  }

  /** The search, step by step, and its result. */
  async *#progress({
    encoded,
    statistics,
    timing,
  }: EncodedSource): AsyncGenerator<SearchProgress, CaptionResult, void> {
    const searching = this.#search(encoded);
    let searchMs = 0;
    for (;;) {
      const started = performance.now();
      const { done, value } = await searching.next().catch((error: unknown) => {
        throw inWords(error, this.#options);
      });
      searchMs += performance.now() - started;
      if (done) return this.#toResult(value, statistics, { ...timing, searchMs });
      yield value;
    }
  }

  #toResult(
    hypotheses: readonly Hypothesis[],
    image: ImageStatistics,
    timing: Omit<CaptionTiming, 'totalMs'>,
  ): CaptionResult {
    const captions = hypotheses.map((hypothesis) => this.#writer.write(hypothesis, image));
    const totalMs = timing.decodeMs + timing.preprocessMs + timing.encodeMs + timing.searchMs;
    return toCaptionResult(captions, { ...timing, totalMs });
  }
}
