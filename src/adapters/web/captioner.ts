import { Captioner as PlatformCaptioner } from '../../captioner/captioner.js';
import { checkOptionNames } from '../../core/option-names.js';
import { OPEN_MODEL_OPTIONS, openModel, type ModelSource, type OpenModelOptions } from '../../model/index.js';
import type { WebImageSource } from './images/image-source.js';
import { WEB_PLATFORM_OPTIONS, webPlatform, type WebPlatformOptions } from './web-platform.js';

/** How a model is found and loaded in a browser, with the options of `webPlatform`. */
export interface WebLoadOptions extends OpenModelOptions, WebPlatformOptions {}

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
   * @throws ManifestError, ModelFileError, ModelMismatchError, FetchError, InvalidArgumentError, RuntimeError where the inference
   *   runtime does not start, or the abort reason
   */
  static async load(source?: ModelSource, options: WebLoadOptions = {}): Promise<Captioner> {
    checkOptionNames(options, [...OPEN_MODEL_OPTIONS, ...WEB_PLATFORM_OPTIONS], 'load');
    const entries = Object.entries(options);
    const isPlatforms = ([name]: [string, unknown]): boolean => WEB_PLATFORM_OPTIONS.includes(name);
    const platform = webPlatform(Object.fromEntries(entries.filter(isPlatforms)));
    const opening: OpenModelOptions = Object.fromEntries(entries.filter((entry) => !isPlatforms(entry)));
    return new Captioner(platform, await openModel(platform, source, opening));
  }
}
