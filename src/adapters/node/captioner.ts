import { Captioner as PlatformCaptioner } from '../../captioner/captioner.js';
import { prepareCaptions } from '../../captioner/prepare-captions.js';
import type { LoadOptions } from '../../core/index.js';
import { OPEN_MODEL_OPTIONS, openCheckedModel, readOpenModelOptions, type ModelSource } from '../../model/index.js';
import { OptionReader } from '../../validate/index.js';
import { PLATFORM_OPTIONS, resolvePlatformOptions } from '../shared/platform-options.js';
import type { NodeImageSource } from './images/image-source.js';
import { createNodePlatform } from './node-platform.js';

const LOAD_OPTIONS = [...new Set([...OPEN_MODEL_OPTIONS, ...PLATFORM_OPTIONS])];

/**
 * Turns pictures into sentences, in Node.
 *
 * @example
 * ```ts
 * import { Captioner } from 'captioneer';
 *
 * await using captioner = await Captioner.load();
 * const { text } = await captioner.caption('photo.jpg');
 * ```
 */
export class Captioner extends PlatformCaptioner<NodeImageSource> {
  /**
   * Loads a model.
   *
   * A text is, in this order: an http(s) or `file:` URL of a folder; a folder, if there is one; the id of a model on the
   * Hugging Face hub (`owner/name`); an installed model package (`@captioneer/clip-prefix`, or `clip-prefix` for short),
   * looked for from the working directory and from captioneer, none of whose code runs.
   *
   * @param source such a text or URL, or the model's files in memory by name; nothing for the default model, which comes with the package
   * @throws ManifestError, ModelFileError, ModelMismatchError, FetchError, InvalidArgumentError, or the abort reason
   */
  static async load(source?: ModelSource, options?: LoadOptions): Promise<Captioner> {
    const given = new OptionReader(options, LOAD_OPTIONS, { of: 'load()' });
    const platform = createNodePlatform(resolvePlatformOptions(given));
    const model = await openCheckedModel(platform, source, readOpenModelOptions(given), prepareCaptions);
    return new Captioner(platform, model);
  }
}
