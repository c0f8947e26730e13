import { createHash } from 'node:crypto';
import type { CaptionAllOptions, CaptionOptions, CaptionOutcome } from '../captioner/index.js';
import { inOrder } from '../captioner/in-order.js';
import { CaptioneerError, ImageUnreadableError, InvalidArgumentError, type ModelDescription } from '../core/index.js';
import { OptionReader } from '../validate/index.js';
import type { DatasetImage } from './dataset-image.js';
import { hasTextFile, isDescribed, writeBeside } from './beside.js';
import { Journal } from './journal.js';
import { recordOf, settingsKey, type DatasetRecord } from './record.js';

/** What a dataset needs of a captioner: that of `captioneer/worker`, one for each core, or of `captioneer`. */
export interface DatasetCaptioner {
  readonly manifest: ModelDescription;
  /** As `Captioner.captionAll`. */
  captionAll(images: AsyncIterable<Uint8Array>, options: CaptionAllOptions): AsyncIterable<CaptionOutcome>;
}

/** An image that could not be captioned. */
export interface DatasetFailure {
  readonly image: string;
  readonly error: unknown;
}

/** How far a run has come. */
export interface DatasetProgress {
  /** Images that were looked at. */
  readonly seen: number;
  /** That were done before, or have a text (`onlyMissing`). */
  readonly skipped: number;
  /** That the model has captioned. */
  readonly captioned: number;
  /** With the bytes of another one, whose caption they got. */
  readonly duplicates: number;
  readonly failed: number;
}

/** How a dataset is captioned. */
export interface DatasetOptions {
  /** The record: a file of JSON Lines that is continued if it is there. */
  readonly record: string;
  /** How each image is captioned. Default as the model says. */
  readonly caption?: CaptionOptions;
  /** Images that one captioner captions together, 1 … 64. Default 8. */
  readonly batchSize?: number;
  /** Images that are read ahead, 1 … 64. Default 16. */
  readonly maxAhead?: number;
  /** Whether each caption is also written beside its image, `photo.txt` for `photo.jpg`. Not for images in archives. Default false. */
  readonly sidecar?: boolean;
  /**
   * Whether each caption is also written into the XMP file beside its image, `photo.jpg.xmp`, as `dc:description` and as alternative text
   * (`Iptc4xmpCore:AltTextAccessibility`). What else the file has is kept, also texts that it has. Images with nothing to describe get
   * none, and neither do images in archives. Default false.
   */
  readonly xmp?: boolean;
  /**
   * Whether images are left out that have a text: in `photo.txt`, in an XMP file beside them, or in the image file (XMP, IPTC, EXIF). Each
   * image is read for that. Default false.
   */
  readonly onlyMissing?: boolean;
  /** Is told of each image that cannot be captioned. The others are captioned. */
  readonly onFailure?: (failure: DatasetFailure) => void | Promise<void>;
  /** Hears after each image how far the run has come. */
  readonly onProgress?: (progress: DatasetProgress) => void;
  /** Ends the run; what was captioned is kept. Its reason is thrown. */
  readonly signal?: AbortSignal;
}

const NAMES = [
  'record',
  'caption',
  'batchSize',
  'maxAhead',
  'sidecar',
  'xmp',
  'onlyMissing',
  'onFailure',
  'onProgress',
  'signal',
] as const satisfies readonly (keyof DatasetOptions)[];

/**
 * Captions a dataset of any size, with a record that survives the end of the process at any moment: a further run goes on where it ended,
 * and no image is recorded twice. Images with the same bytes are captioned once.
 *
 * @param captioners of one model; they share the work
 * @returns how far it came
 * @throws InvalidArgumentError for an option; DatasetError if the record is of other settings; what `images` throws; the abort reason
 * @example
 * ```ts
 * import { captionDataset, datasetImages } from 'captioneer/dataset';
 * import { Captioner } from 'captioneer/worker';
 *
 * await using captioner = await Captioner.load();
 * const { captioned } = await captionDataset(captioner, datasetImages(['photo.jpg']), { record: 'captions.jsonl' });
 * ```
 */
export async function captionDataset(
  captioners: DatasetCaptioner | readonly DatasetCaptioner[],
  images: AsyncIterable<DatasetImage> | Iterable<DatasetImage>,
  options: DatasetOptions,
): Promise<DatasetProgress> {
  const given = new OptionReader(options, NAMES, { of: 'captionDataset()' });
  const record = given.string('record');
  if (record === undefined) throw new InvalidArgumentError('record', 'record must be the path of a file.');
  given.integer('batchSize', 1, 64);
  given.integer('maxAhead', 1, 64);
  const all = Array.isArray(captioners)
    ? (captioners as readonly DatasetCaptioner[])
    : [captioners as DatasetCaptioner];
  if (all.length === 0) throw new InvalidArgumentError('captioners', 'captionDataset() takes at least one captioner.');
  const { manifest } = all[0]!;
  const journal = await Journal.open(record, settingsKey(manifest, options.caption ?? {}));
  try {
    return await new DatasetRun(journal, manifest, options).caption(all, images);
  } finally {
    await journal.close();
  }
}

/** An image whose bytes have been read. */
interface ReadImage {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of them. */
  readonly digest: Buffer;
}

class DatasetRun {
  readonly #journal: Journal;
  readonly #modelName: string;
  readonly #settings: string;
  readonly #options: DatasetOptions;
  readonly #counts = { seen: 0, skipped: 0, captioned: 0, duplicates: 0, failed: 0 };
  /** Names of images whose bytes are being captioned, by their content; the first one is captioned. */
  readonly #underWay = new Map<string, string[]>();

  constructor(journal: Journal, manifest: ModelDescription, options: DatasetOptions) {
    this.#journal = journal;
    this.#modelName = manifest.name;
    this.#settings = settingsKey(manifest, options.caption ?? {});
    this.#options = options;
  }

  async caption(
    captioners: readonly DatasetCaptioner[],
    images: AsyncIterable<DatasetImage> | Iterable<DatasetImage>,
  ): Promise<DatasetProgress> {
    const failed = new AbortController();
    const { signal: given } = this.#options;
    const signal = given ? AbortSignal.any([given, failed.signal]) : failed.signal;
    const toCaption = this.#toCaption(images, signal);
    try {
      await Promise.all(
        captioners.map((captioner) =>
          this.#captionWith(captioner, toCaption, signal).catch((error: unknown) => {
            failed.abort(error);
            throw error;
          }),
        ),
      );
    } catch (error) {
      given?.throwIfAborted();
      throw failed.signal.aborted ? failed.signal.reason : error;
    } finally {
      await toCaption.return(undefined).catch(() => undefined);
    }
    await this.#journal.flush();
    return { ...this.#counts };
  }

  async #captionWith(
    captioner: DatasetCaptioner,
    images: AsyncGenerator<ReadImage, void, void>,
    signal: AbortSignal,
  ): Promise<void> {
    const { caption, batchSize = 8 } = this.#options;
    const given = new Map<number, ReadImage>();
    let count = 0;
    // The end of one captioner's batch must not close what the others take from.
    async function* take(): AsyncGenerator<Uint8Array, void, void> {
      for (;;) {
        const { done, value } = await images.next();
        if (done) return;
        given.set(count++, value);
        yield value.bytes;
      }
    }
    const all = captioner.captionAll(take(), { ...caption, batchSize, maxAhead: Math.min(4, batchSize), signal });
    for await (const outcome of all) {
      const image = given.get(outcome.index)!;
      given.delete(outcome.index);
      await this.#settle(image, outcome);
    }
  }

  /** Reads images ahead, and gives those that need the model. */
  async *#toCaption(
    images: AsyncIterable<DatasetImage> | Iterable<DatasetImage>,
    signal: AbortSignal,
  ): AsyncGenerator<ReadImage, void, void> {
    const reading = inOrder<DatasetImage, ReadImage | undefined, ReadImage | undefined>(images, {
      maxAhead: this.#options.maxAhead ?? 16,
      batchSize: 1,
      first: (image) => this.#read(image),
      second: (batch) => Promise.resolve(batch.map((value) => ({ status: 'fulfilled', value }))),
      signal,
    });
    for await (const outcome of reading) {
      this.#counts.seen += 1;
      if (outcome.status === 'rejected') await this.#fail([outcome.source.name], outcome.reason);
      else if (outcome.value === undefined) this.#count('skipped');
      else if (!(await this.#isKnown(outcome.value))) yield outcome.value;
    }
  }

  /** @returns undefined if the image is done */
  async #read(image: DatasetImage): Promise<ReadImage | undefined> {
    const { name } = image;
    if (this.#journal.has(name)) return undefined;
    const { onlyMissing } = this.#options;
    if (onlyMissing && (await hasTextFile(name))) return undefined;
    const bytes = await image.read();
    if (onlyMissing && (await isDescribed(name, bytes))) return undefined;
    return { name, bytes, digest: createHash('sha256').update(bytes).digest() };
  }

  /** Whether another image with the same bytes has been captioned, or is. */
  async #isKnown({ name, digest }: ReadImage): Promise<boolean> {
    if (this.#journal.has(name)) {
      this.#count('skipped'); // named twice
      return true;
    }
    const sha256 = digest.toString('hex');
    const waiting = this.#underWay.get(sha256);
    if (waiting) {
      waiting.push(name);
      return true;
    }
    const known = await this.#journal.byContent(digest);
    if (known === undefined) {
      this.#underWay.set(sha256, [name]);
      return false;
    }
    await this.#record({ ...known, image: name }, 'duplicates');
    return true;
  }

  async #settle({ name, digest }: ReadImage, outcome: CaptionOutcome): Promise<void> {
    const sha256 = digest.toString('hex');
    const record =
      outcome.status === 'fulfilled'
        ? recordOf(name, sha256, outcome.value, this.#modelName, this.#settings)
        : undefined;
    if (record) await this.#record(record, 'captioned');
    const names = this.#underWay.get(sha256) ?? [];
    this.#underWay.delete(sha256);
    if (record === undefined) {
      await this.#fail(names, outcome.status === 'rejected' ? outcome.reason : undefined);
      return;
    }
    for (const twin of new Set(names.slice(1))) {
      if (twin === name || this.#journal.has(twin)) this.#count('skipped');
      else await this.#record({ ...record, image: twin }, 'duplicates');
    }
  }

  async #record(record: DatasetRecord, as: 'captioned' | 'duplicates'): Promise<void> {
    try {
      // What is beside an image comes first: an image that is recorded has it.
      await writeBeside(record, this.#options);
    } catch (error) {
      await this.#fail([record.image], error);
      return;
    }
    await this.#journal.append(record);
    this.#count(as);
  }

  async #fail(names: readonly string[], error: unknown): Promise<void> {
    for (const image of names) {
      await this.#options.onFailure?.({ image, error: withName(error, image) });
      this.#count('failed');
    }
  }

  #count(what: keyof DatasetProgress): void {
    this.#counts[what] += 1;
    this.#options.onProgress?.({ ...this.#counts });
  }
}

/** The captioner was given bytes, which have no name. */
function withName(error: unknown, image: string): unknown {
  if (!CaptioneerError.isInstance(error) || error.code !== 'IMAGE_UNREADABLE') return error;
  if (!('source' in error) || error.source !== 'Uint8Array') return error;
  return new ImageUnreadableError(image, error.message.replace(/^Uint8Array\b/, image), { cause: error });
}
