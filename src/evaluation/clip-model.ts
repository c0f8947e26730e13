import type { OpenModelOptions, Platform } from '../core/index.js';
import { CLIP_SCORE_PREFIX } from '../metrics/index.js';
import {
  loadClip as loadClipParts,
  type LoadedClip,
  type ModelSource,
  OPEN_MODEL_OPTIONS,
  readOpenModelOptions,
} from '../model/index.js';
import { OptionReader } from '../validate/index.js';
import type { ImageTextEmbedder } from './image-text.js';

/**
 * A CLIP (Radford et al. 2021): vectors of images and texts that can be compared with each other. {@link loadClip} loads one.
 *
 * @typeParam Source the forms in which the platform takes images
 */
export class ClipModel<Source = unknown> {
  /** Where it was loaded from and which graphs it runs: scores of other weights do not compare. */
  readonly name: string;
  readonly #platform: Platform<Source>;
  readonly #clip: LoadedClip;

  /** @internal */
  constructor(platform: Platform<Source>, clip: LoadedClip) {
    this.name = `${clip.location} (${clip.graphFiles.join(', ')})`;
    this.#platform = platform;
    this.#clip = clip;
  }

  /**
   * The vector of an image. Its length is not 1.
   *
   * @throws ImageUnreadableError, ImageTooLargeError, FetchError, InvalidArgumentError, RuntimeError, DisposedError or the abort reason
   */
  async embedImage(image: Source, signal?: AbortSignal): Promise<Float32Array> {
    return this.#clip.embedImage(await this.#platform.decodeImage(image, signal && { signal }));
  }

  /**
   * The vector of a text as it is: CLIPScore's {@link CLIP_SCORE_PREFIX} is not put before it. Its length is not 1.
   *
   * @throws RuntimeError, DisposedError
   */
  embedText(text: string): Promise<Float32Array> {
    return this.#clip.embedText(text);
  }

  /** The token ids of a text with start and end, at most as many as the text encoder reads (77). */
  tokenize(text: string): number[] {
    return this.#clip.tokenize(text);
  }

  /**
   * For the option `embeddings` of `evaluate`: CLIPScore as Hessel et al. 2021 have it, with {@link CLIP_SCORE_PREFIX} before captions
   * and references.
   *
   * @param imageOf the image of a name in the references, such as its path
   */
  embedder(imageOf: (image: string) => Source | Promise<Source>): ImageTextEmbedder {
    return {
      name: this.name,
      image: async (image) => this.embedImage(await imageOf(image)),
      text: (caption) => this.embedText(CLIP_SCORE_PREFIX + caption),
    };
  }

  /** Releases the graphs. It may be called more than once. */
  async dispose(): Promise<void> {
    await this.#clip.release();
  }

  /** {@link dispose}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

/**
 * Loads a CLIP in the public ONNX layout, as `Xenova/clip-vit-base-patch32` on the hub has it: `config.json`,
 * `preprocessor_config.json`, `tokenizer.json`, and in `onnx/` the graphs `text_model` and `vision_model`, or `model` for both.
 *
 * @param platform such as `nodePlatform()` of `captioneer/node`
 * @param source a folder, a URL of a folder, the id of a model on the hub, or its files in memory by name. Published CLIPScores are of
 *   ViT-B/32
 * @param options as of `openModel`: `dtype` chooses the kind of weights (default `fp32`), `revision` that of the hub
 * @throws ManifestError, ModelFileError, ModelMismatchError, FetchError, InvalidArgumentError, or the abort reason
 *
 * @example
 * await using clip = await loadClip(nodePlatform(), 'Xenova/clip-vit-base-patch32', { dtype: 'q8' });
 * const report = await evaluate({ systems, references, embeddings: clip.embedder((image) => `photos/${image}`) });
 * report.systems[0].imageText.clipScore; // { estimate: 0.76, low: 0.75, high: 0.77, … }
 */
export async function loadClip<Source>(
  platform: Platform<Source>,
  source: ModelSource,
  options?: OpenModelOptions,
): Promise<ClipModel<Source>> {
  const given = new OptionReader(options, OPEN_MODEL_OPTIONS, { of: 'loadClip()' });
  return new ClipModel(platform, await loadClipParts(platform, source, readOpenModelOptions(given)));
}
