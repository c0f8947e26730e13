import { toCaptionResult, type CaptionResult, type CaptionTiming } from './caption-result.js';
import {
  type Asked,
  type CaptionOptions,
  readCaptionOptions,
  readTextOptions,
  splitCaptionOptions,
  type SplitOptions,
} from './caption-options.js';
import { CaptionWriter } from './caption-writer.js';
import { type CaptionRegion, toCaptionRegions } from './caption-regions.js';
import { createEvidenceGatherer, type EvidenceGatherer, genderPolicyOptions } from './gender-evidence.js';
import type { GenderEvidence } from '../bias/index.js';
// Not by the room's index: it has the measures and every lexicon, which a captioner would load with it.
import { createGenderPolicy, type GenderPolicy } from '../bias/mitigation/gender-policy.js';
import type { EncodeView } from '../bias/mitigation/gender-views.js';
import { viewImage } from '../bias/mitigation/image-view.js';
import { drain } from '../async/drain.js';
import type { CaptionDecoder, EncodedImage, Platform, RawImage } from '../core/index.js';
import type { Model } from '../model/index.js';
import { fitToSpec, imageStatistics, type ImageStatistics, normalize, toPixelValues } from '../preprocess/index.js';
import {
  type Hypothesis,
  type LogitsProcessor,
  prepareSearch,
  type SearchProgress,
  settledTokens,
} from '../search/index.js';
import { inWords } from './word-options.js';

/** An image as the encoder gave it. */
export interface EncodedSource {
  readonly encoded: EncodedImage;
  readonly statistics: ImageStatistics;
  /** What the model found in it; undefined for a model without a detector. */
  readonly regions: readonly CaptionRegion[] | undefined;
  /** Rules of the search that this image asks for. */
  readonly rules: readonly LogitsProcessor[];
  /** With the option `genderEvidence`: `GenderEvidence.logOdds`. */
  readonly logOdds: number | undefined;
  readonly timing: Pick<CaptionTiming, 'decodeMs' | 'preprocessMs' | 'encodeMs'>;
}

/** One call of the captioner: its options, checked, and the way from an image to its captions in two halves. */
export class CaptionCall<Source> {
  readonly #platform: Platform<Source>;
  readonly #model: Model;
  readonly #options: CaptionOptions;
  readonly #split: SplitOptions;
  readonly #decoder: CaptionDecoder;
  readonly #gender: GenderPolicy;
  readonly #evidence: EvidenceGatherer | undefined;
  readonly #writer: CaptionWriter;
  /** Leaves gender as the search gave it. */
  readonly #plainWriter: CaptionWriter;

  /**
   * @param decoder the model's, or one that stands for it
   * @param of the function that was called, for messages
   * @param asked whether the model is asked for captions or for the text in the image
   * @throws InvalidArgumentError for an option that is unknown, wrong or contradicts another
   */
  constructor(
    platform: Platform<Source>,
    model: Model,
    options: CaptionOptions | undefined,
    decoder: CaptionDecoder,
    of: string,
    asked: Asked = 'caption',
  ) {
    const given = asked === 'text' ? readTextOptions(options, of) : readCaptionOptions(options, of);
    this.#platform = platform;
    this.#model = model;
    this.#options = options ?? {};
    this.#split = splitCaptionOptions(this.#options, given, model, asked);
    this.#decoder = decoder;
    this.#prepareSearch([]); // what is wrong with the options is told before an image is read
    const { prefix, hasAttention, hasGenderEvidence, searching, gender } = this.#split;
    this.#evidence = hasGenderEvidence ? createEvidenceGatherer(model) : undefined;
    this.#gender = createGenderPolicy(gender, genderPolicyOptions(model));
    const written = { prefix, hasAttention, maxLength: searching.maxLength ?? Infinity };
    this.#writer = new CaptionWriter(model, { ...written, rewrite: (text) => this.#gender.finishText(text) });
    this.#plainWriter = new CaptionWriter(model, written);
  }

  /** @param rules beside those of the options */
  #prepareSearch(
    rules: readonly LogitsProcessor[],
  ): (image: EncodedImage) => AsyncGenerator<SearchProgress, Hypothesis[], void> {
    const { searching } = this.#split;
    const logitsProcessors = [...(searching.logitsProcessors ?? []), ...rules];
    try {
      return prepareSearch(this.#decoder, rules.length === 0 ? searching : { ...searching, logitsProcessors });
    } catch (error) {
      throw inWords(error, this.#options);
    }
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
    const fitted = fitToSpec(raw, spec);
    const statistics = imageStatistics(fitted);
    const pixelValues = normalize(fitted, spec); // [1, 3, height, width]
    const preprocessed = performance.now();
    const encoded = await this.#model.encoder.encode(pixelValues, this.#split.prompt);
    signal?.throwIfAborted();
    const encodeView = this.#viewEncoder(raw);
    const rules = await this.#genderRules(encoded, encodeView);
    const ended = performance.now();
    signal?.throwIfAborted();
    return {
      encoded,
      statistics,
      regions: this.#regions(encoded, raw),
      rules,
      logOdds: await this.#evidence?.logOdds(encoded, encodeView),
      timing: {
        decodeMs: decoded - started,
        preprocessMs: preprocessed - decoded,
        encodeMs: ended - preprocessed,
      },
    };
  }

  #regions(encoded: EncodedImage, image: RawImage): CaptionRegion[] | undefined {
    const { manifest, encoder } = this.#model;
    return manifest.regions?.boxes && toCaptionRegions(encoder.regions?.(encoded) ?? [], image);
  }

  /** Encodes parts of an image. */
  #viewEncoder(raw: RawImage): EncodeView {
    const { manifest, encoder } = this.#model;
    return (view) => {
      this.#options.signal?.throwIfAborted();
      return encoder.encode(toPixelValues(viewImage(raw, view), manifest.image), this.#split.prompt);
    };
  }

  /** The rules by which the captions of one image keep to the setting for gender. */
  async #genderRules(whole: EncodedImage, encodeView: EncodeView): Promise<readonly LogitsProcessor[]> {
    const { manifest, decoder, tokenizer } = this.#model;
    return this.#gender.forImage({ decoder, tokenizer, startTokenIds: manifest.tokens.start }, whole, encodeView);
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
  async *#progress(source: EncodedSource): AsyncGenerator<SearchProgress, CaptionResult, void> {
    const { encoded, rules } = source;
    const searching = this.#prepareSearch(rules)(encoded);
    let searchMs = 0;
    for (;;) {
      const started = performance.now();
      const { done, value } = await searching.next().catch((error: unknown) => {
        throw inWords(error, this.#options);
      });
      searchMs += performance.now() - started;
      if (done) return this.#toResult(value, source, searchMs, await this.#genderEvidence(source));
      yield value;
    }
  }

  /** The captions at each verdict, and what decides between them; undefined without the option. */
  async #genderEvidence({ encoded, statistics, logOdds }: EncodedSource): Promise<GenderEvidence | undefined> {
    if (this.#evidence === undefined || logOdds === undefined) return undefined;
    const { rules } = this.#evidence;
    const captionOf = async (verdict: keyof typeof rules): Promise<string> => {
      const [best] = await drain(this.#prepareSearch(rules[verdict])(encoded));
      return this.#plainWriter.write(best as Hypothesis, statistics).text;
    };
    const captions = {
      male: await captionOf('male'),
      female: await captionOf('female'),
      none: await captionOf('none'),
    };
    return { logOdds, captions };
  }

  #toResult(
    hypotheses: readonly Hypothesis[],
    { statistics, regions, timing }: EncodedSource,
    searchMs: number,
    genderEvidence: GenderEvidence | undefined,
  ): CaptionResult {
    const captions = hypotheses.map((hypothesis) => this.#writer.write(hypothesis, statistics, regions?.length));
    const totalMs = timing.decodeMs + timing.preprocessMs + timing.encodeMs + searchMs;
    return toCaptionResult(captions, { ...timing, searchMs, totalMs }, { regions, genderEvidence });
  }
}
