import { readFile } from 'node:fs/promises';
import {
  type AltTextPolicy,
  type CaptionOptions,
  type CaptionResult,
  type ReadTextOptions,
  toAltText,
} from '../../captioner/index.js';
import type { SourceImage } from '../source/source-image.js';
import { InvalidArgumentError } from '../../core/index.js';
import { sha256 } from './hash.js';
import { type AltItem, type AltProposal, type AltQueue, type ImageProposals, itemNames } from './queue.js';
import { DEFAULT_ROOTS, type ResolvedImage, resolveImage } from './resolve-image.js';
import { existingProposals } from './existing-proposals.js';
import { reasonsOfImage, reasonsOfPlace } from './review-reasons.js';

/** A source file with its images. */
export interface SourceFile {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** All images of the file, from `findImages`. */
  readonly images: readonly SourceImage[];
}

/** What captions an image: a `Captioner`, or one in a worker. */
export interface AltCaptioner {
  /** As `Captioner.caption`. */
  caption(image: Uint8Array, options: CaptionOptions): Promise<CaptionResult>;
  /** As `Captioner.readText`; needed for `readsText` alone. */
  readText?(image: Uint8Array, options: ReadTextOptions): Promise<CaptionResult>;
}

/** How texts are proposed. */
export interface WriteOptions {
  /** Which model it is, with its checksum: another one captions again. */
  readonly model: string;
  /** Is called when the first image must be captioned: a second run loads no model. */
  readonly captioner: () => Promise<AltCaptioner>;
  /** Default: four beams, three captions. */
  readonly caption?: Omit<CaptionOptions, 'signal'>;
  /** Default: 125 characters. */
  readonly policy?: AltTextPolicy;
  /**
   * Whether the model reads the text in each image too, which is added to the proposals (`A sign reading 'Exit'.`): only for models that
   * can (`manifest.tasks.text`), such as `florence-2`. It takes about as long again. Default false.
   */
  readonly readsText?: boolean;
  /** Folders in which `/photo.jpg` is looked for. Default `public`, `static`, `src`, `assets`, `.`. */
  readonly roots?: readonly string[];
  /** Is called after each image that was captioned, with a queue that may be saved. */
  readonly onProgress?: (queue: AltQueue, done: number, total: number) => Promise<void> | void;
  readonly signal?: AbortSignal;
}

/** What a run did. */
export interface WriteResult {
  readonly queue: AltQueue;
  /** Images that were captioned in this run. */
  readonly captioned: number;
}

/** Four beams, of which three captions are proposed. */
const DEFAULT_CAPTION: CaptionOptions = { numBeams: 4, numCaptions: 3 };
/** What screen readers are said to cope well with. */
const DEFAULT_POLICY: AltTextPolicy = { maxCharacters: 125 };

/**
 * Proposes texts for the images of source files that have none. An image that the queue knows, by its bytes, the model and the options, is
 * not captioned again, and decisions are kept. Source files are not changed.
 *
 * @param before the queue so far; its items of other files are kept
 * @throws whatever loading a model throws, InvalidArgumentError for options, the abort reason
 */
export async function writeProposals(
  before: AltQueue,
  files: readonly SourceFile[],
  options: WriteOptions,
): Promise<WriteResult> {
  const { roots = DEFAULT_ROOTS, signal } = options;
  const settings = {
    ...(options.caption ?? DEFAULT_CAPTION),
    ...(options.policy ?? DEFAULT_POLICY),
    ...(options.readsText === true && { readsText: true }),
  };
  const images = new Map(Object.entries(before.images));
  const places = await placesOf(files, roots, (hash) => keyOf(hash, options.model, settings));
  const wanted = new Map(places.flatMap(({ key, bytes }) => (key && !images.has(key) ? [[key, bytes!] as const] : [])));
  const pathOf = new Map(
    places.flatMap(({ key, resolved }) => (key && 'path' in resolved ? [[key, resolved.path]] : [])),
  );
  const problems = new Map<string, string>();
  const queueNow = (): AltQueue => ({
    version: 1,
    items: mergeItems(
      before.items,
      files,
      places.map((place) => itemOf(place, images, problems)),
    ),
    images: Object.fromEntries(images),
  });
  let captioned = 0;
  const captioner = wanted.size > 0 ? await options.captioner() : undefined;
  for (const [key, read] of wanted) {
    signal?.throwIfAborted();
    try {
      const bytes = await read();
      const found = await propose(captioner!, bytes, pathOf.get(key), options);
      images.set(key, { image: sha256(bytes), model: options.model, options: settings, ...found });
      captioned += 1;
    } catch (error) {
      signal?.throwIfAborted();
      if (!isAboutImage(error)) throw error;
      problems.set(key, (error as Error).message);
    }
    await options.onProgress?.(queueNow(), captioned + problems.size, wanted.size);
  }
  return { queue: queueNow(), captioned };
}

/** One image without text, and what is known of its file. */
interface Place {
  readonly file: SourceFile;
  readonly sha256: string;
  readonly image: SourceImage;
  readonly name: string;
  readonly resolved: ResolvedImage;
  readonly key?: string;
  readonly bytes?: () => Promise<Uint8Array>;
}

async function placesOf(
  files: readonly SourceFile[],
  roots: readonly string[],
  toKey: (hash: string) => string,
): Promise<Place[]> {
  const places: Place[] = [];
  const hashes = new Map<string, string>();
  for (const file of files) {
    const hash = sha256(file.bytes);
    const names = itemNames(file.images);
    for (const [index, image] of file.images.entries()) {
      if (image.alt !== 'missing') continue;
      const resolved = await resolveImage(file.file, image.src, roots);
      const place = { file, sha256: hash, image, name: names[index]!, resolved };
      if ('reason' in resolved) places.push(place);
      else {
        const bytes = async (): Promise<Uint8Array> => ('path' in resolved ? readFile(resolved.path) : resolved.bytes);
        const known = 'path' in resolved ? hashes.get(resolved.path) : undefined;
        const imageHash = known ?? sha256(await bytes());
        if ('path' in resolved) hashes.set(resolved.path, imageHash);
        places.push({ ...place, bytes, key: toKey(imageHash) });
      }
    }
  }
  return places;
}

function keyOf(image: string, model: string, options: object): string {
  return sha256(JSON.stringify([image, model, options]));
}

async function propose(
  captioner: AltCaptioner,
  bytes: Uint8Array,
  path: string | undefined,
  options: WriteOptions,
): Promise<Pick<ImageProposals, 'proposals' | 'reasons'>> {
  const { caption = DEFAULT_CAPTION, signal } = options;
  const result = await captioner.caption(bytes, { ...caption, ...(signal && { signal }) });
  const imageText = options.readsText === true ? await readImageText(captioner, bytes, signal) : '';
  const policy = { ...(options.policy ?? DEFAULT_POLICY), ...(imageText !== '' && { imageText }) };
  const existing = await existingProposals(bytes, path);
  // What a person wrote comes first.
  const proposals = new Map<string, AltProposal>(existing.map((one) => [one.text, one]));
  for (const one of result.captions) {
    const { text } = toAltText(one, policy);
    const { confidence, score, logProb } = one;
    if (text === '' || proposals.has(text)) continue;
    proposals.set(text, { text, ...(confidence !== undefined && { confidence }), score, logProb });
  }
  const reasons = reasonsOfImage(result, toAltText(result, policy), imageText);
  return { proposals: [...proposals.values()], reasons: existing.length > 0 ? [...reasons, 'existing-text'] : reasons };
}

/** @throws InvalidArgumentError if the model cannot read */
async function readImageText(
  captioner: AltCaptioner,
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (captioner.readText === undefined) {
    throw new InvalidArgumentError('readsText', 'readsText needs a captioner with readText().');
  }
  return (await captioner.readText(bytes, signal ? { signal } : {})).text;
}

function itemOf(
  { file, sha256: fileSha256, image, name, resolved, key }: Place,
  images: ReadonlyMap<string, ImageProposals>,
  problems: ReadonlyMap<string, string>,
): AltItem {
  const { tag, line, src, place, context } = image;
  const failure = key === undefined ? undefined : problems.get(key);
  const known = key === undefined ? undefined : images.get(key);
  const reasons = new Set([...(known?.reasons ?? []), ...reasonsOfPlace(context)]);
  if ('reason' in resolved) reasons.add(resolved.reason);
  if (failure !== undefined) reasons.add('unreadable-image');
  const problem = 'reason' in resolved ? resolved.problem : failure;
  return {
    id: sha256(`${file.file}\n${name}`).slice(0, 16),
    file: file.file,
    fileSha256,
    syntax: image.syntax,
    tag,
    line,
    place: place!,
    ...(src !== undefined && { src: src.startsWith('data:') ? `${src.slice(0, 40)}…` : src }),
    ...('path' in resolved && { image: resolved.path }),
    ...(known && key !== undefined && { key }),
    context,
    needsReview: reasons.size > 0 || known === undefined,
    reasons: [...reasons],
    ...(problem !== undefined && { problem }),
  };
}

/** Items of files that were not read this time stay; decisions stay with the image that they are about. */
function mergeItems(before: readonly AltItem[], files: readonly SourceFile[], now: readonly AltItem[]): AltItem[] {
  const read = new Set(files.map(({ file }) => file));
  const known = new Map(before.map((item) => [item.id, item]));
  const kept = before.filter(({ file }) => !read.has(file));
  const items = now.map((item) => {
    const decision = known.get(item.id)?.decision;
    const isSame = known.get(item.id)?.key === item.key || item.key === undefined;
    return decision && isSame ? { ...item, decision } : item;
  });
  return [...kept, ...items];
}

/** Errors by their code, as another copy of the library may throw them. */
function isAboutImage(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return code === 'IMAGE_UNREADABLE' || code === 'IMAGE_TOO_LARGE' || code === 'ENOENT' || code === 'EACCES';
}
