import { Captioner as PlatformCaptioner } from '../../captioner/captioner.js';
import { openModel, type ModelSource, type OpenModelOptions } from '../../model/index.js';
import type { NodeImageSource } from './images/image-source.js';
import { nodePlatform } from './node-platform.js';

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
   * A text is, in this order: an http(s) or `file:` URL of a folder; a folder, where there is one; the id of a model on the
   * Hugging Face hub (`owner/name`); an installed model package (`@captioneer/clip-prefix`, or `clip-prefix` for short),
   * looked for from the working directory and from captioneer, none of whose code runs.
   *
   * @param source such a text or URL, or the model's files in memory by name; nothing for the model embedded in the package
   * @throws ManifestError, ModelFileError, ModelMismatchError, FetchError, InvalidArgumentError, or the abort reason
   */
  static async load(source?: ModelSource, options?: OpenModelOptions): Promise<Captioner> {
    const platform = nodePlatform();
    return new Captioner(platform, await openModel(platform, source, options));
  }
}
