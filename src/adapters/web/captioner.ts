import { Captioner as PlatformCaptioner } from '../../captioner/captioner.js';
import { prepareCaptions } from '../../captioner/prepare-captions.js';
import type { LoadOptions } from '../../core/index.js';
import { OPEN_MODEL_OPTIONS, openCheckedModel, readOpenModelOptions, type ModelSource } from '../../model/index.js';
import { OptionReader } from '../../validate/index.js';
import type { WebImageSource } from './images/image-source.js';
import {
  createWebPlatform,
  readWebPlatformOptions,
  WEB_PLATFORM_OPTIONS,
  type WebPlatformOptions,
} from './web-platform.js';

/** How a model is found and loaded in a browser: the options of every runtime, and how the inference runtime is loaded. */
export interface WebLoadOptions extends LoadOptions, WebPlatformOptions {}

const LOAD_OPTIONS = [...new Set([...OPEN_MODEL_OPTIONS, ...WEB_PLATFORM_OPTIONS])];

/**
 * Turns pictures into sentences, in a browser.
 *
 * @example
 * ```ts
 * import { Captioner } from 'captioneer';
 *
 * const captioner = await Captioner.load('owner/name', { dtype: 'q8' });
 * const { text } = await captioner.caption(document.querySelector('img')!);
 * ```
 */
export class Captioner extends PlatformCaptioner<WebImageSource> {
  /**
   * Loads a model.
   *
   * A text of the form `owner/name` is the id of a model on the Hugging Face hub; any other is the URL of a folder, which may be
   * relative to the page: `./models/default`, `/models/default/`, `https://…`.
   *
   * @param source such a text or URL, or the model's files in memory by name
   * @throws ManifestError, ModelFileError, ModelMismatchError, FetchError, InvalidArgumentError, RuntimeError if the inference
   *   runtime does not start, or the abort reason
   */
  static async load(source?: ModelSource, options?: WebLoadOptions): Promise<Captioner> {
    const given = new OptionReader(options, LOAD_OPTIONS, { of: 'load()' });
    const platform = createWebPlatform(readWebPlatformOptions(given));
    const model = await openCheckedModel(platform, source, readOpenModelOptions(given), prepareCaptions);
    return new Captioner(platform, model);
  }
}
