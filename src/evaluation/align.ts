import { InvalidArgumentError } from '../core/index.js';
import type { CaptionSet } from './readers/read-captions.js';
import type { SystemInfo } from './report.js';
import type { WarningCounter } from './warnings.js';

/** One caption of one image. */
export interface ImageCaption {
  /** The image's name, as the references have it; a path before it is ignored if need be. */
  readonly image: string;
  /** The caption. */
  readonly caption: string;
}

/** An image that a system could not caption. */
export interface FailedImage {
  /** Its name. */
  readonly image: string;
  /** Why, in a sentence that names the image. */
  readonly message: string;
}

/** A system and its captions: those of a model that is running, or captions made elsewhere. */
export interface SystemCaptions {
  /** Name in the report; each system has its own. */
  readonly name: string;
  /** Its captions: as they come, by image, or as {@link readCaptions} has read them. */
  readonly captions:
    Iterable<ImageCaption> | AsyncIterable<ImageCaption> | ReadonlyMap<string, string | readonly string[]> | CaptionSet;
  /** Images that it could not caption: warnings of the report. Read after `captions`. Default: none. */
  readonly failures?: Iterable<FailedImage>;
  /** Further facts for the report, such as its size. Default: none. */
  readonly info?: SystemInfo;
}

/** References: by image, or as {@link readCaptions} has read them. */
export type References = ReadonlyMap<string, readonly string[]> | CaptionSet;

/** @internal */
export function referenceSet(references: References): CaptionSet {
  if ('captions' in references) return references;
  return { captions: references, aliases: new Map(), splits: [], warnings: [] };
}

/** References without empty ones. @internal */
export function usableReferences(references: CaptionSet, warnings: WarningCounter): Map<string, readonly string[]> {
  const usable = new Map<string, readonly string[]>();
  for (const [image, captions] of references.captions) {
    const written = captions.filter((caption) => caption.trim() !== '');
    if (written.length < captions.length) {
      warnings.add('EMPTY_REFERENCE', 'references without a word were left out', image);
    }
    if (written.length > 0) usable.set(image, written);
  }
  if (usable.size > 0) return usable;
  throw new InvalidArgumentError('references', 'There are no references. Give at least one image with a caption.');
}

/**
 * A system's caption of each image that has references.
 *
 * @throws InvalidArgumentError for a caption that is not a text
 * @internal
 */
export async function collectCaptions(
  system: SystemCaptions,
  references: ReadonlyMap<string, readonly string[]>,
  aliases: ReadonlyMap<string, string>,
  warnings: WarningCounter,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { image, caption } of eachCaption(system.captions) as AsyncIterable<Record<string, unknown>>) {
    if (typeof caption !== 'string' || typeof image !== 'string') {
      throw new InvalidArgumentError('captions', `${system.name}: the caption of ${String(image)} is not a text.`);
    }
    const name = resolveName(image, references, aliases);
    if (name === undefined) {
      warnings.add('REFERENCE_MISSING', `${system.name}: captions of images without references were left out`, image);
    } else if (found.has(name)) {
      warnings.add('SEVERAL_CAPTIONS', `${system.name}: of several captions of an image the first counts`, image);
    } else {
      found.set(name, caption);
    }
  }
  for (const { message } of system.failures ?? []) {
    warnings.add('IMAGE_FAILED', `${system.name}: images that could not be captioned`, message);
  }
  return found;
}

async function* eachCaption(captions: SystemCaptions['captions']): AsyncGenerator<ImageCaption, void> {
  const byImage = 'captions' in captions ? captions.captions : captions;
  if (!isMap(byImage)) {
    yield* byImage;
    return;
  }
  for (const [image, texts] of byImage) {
    for (const caption of typeof texts === 'string' ? [texts] : texts) yield { image, caption };
  }
}

function isMap(captions: object): captions is ReadonlyMap<string, string | readonly string[]> {
  return Object.prototype.toString.call(captions) === '[object Map]';
}

function resolveName(
  image: string,
  references: ReadonlyMap<string, unknown>,
  aliases: ReadonlyMap<string, string>,
): string | undefined {
  const base = image.slice(Math.max(image.lastIndexOf('/'), image.lastIndexOf('\\')) + 1);
  return [image, aliases.get(image), base].find((name) => name !== undefined && references.has(name));
}

/** Images that every system has a caption of, in the references' order. @internal */
export function commonImages(
  references: ReadonlyMap<string, readonly string[]>,
  systems: readonly { readonly name: string; readonly captions: ReadonlyMap<string, string> }[],
  warnings: WarningCounter,
): string[] {
  const common: string[] = [];
  for (const image of references.keys()) {
    const missing = systems.filter(({ captions }) => !captions.has(image));
    if (missing.length === 0) common.push(image);
    for (const { name } of missing) {
      warnings.add(
        'CAPTION_MISSING',
        `${name}: images without its caption were left out of all systems' scores`,
        image,
      );
    }
  }
  if (common.length > 0) return common;
  throw new InvalidArgumentError(
    'captions',
    'There is no image with references and a caption of each system. Are the names of the images the same in both?',
  );
}
