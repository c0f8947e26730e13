import { open, readFile, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { DatasetError } from '../core/index.js';
import { FingerprintMap } from './fingerprint-map.js';
import { readLines } from './read-lines.js';
import { nameFingerprint, type DatasetRecord } from './record.js';

/** The disk is asked to keep what was written this often, in milliseconds. A process that is killed loses nothing that was written. */
const SYNC_MS = 2000;
/** More lines than this do not wait to be written. */
const MAX_PENDING = 256;
const LINE_FEED = 0x0a;

/**
 * The record of a dataset: one line of JSON for each image that is done, appended when it is. It is read again when a run is resumed: a
 * last line that was not written to its end is cut off. Of a line only where it is, by name and by content, is kept in memory.
 */
export class Journal {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #names = new FingerprintMap();
  readonly #contents = new FingerprintMap();
  #length: number;
  #written: Promise<void> = Promise.resolve();
  #pending: Buffer[] = [];
  #synced = performance.now();
  #count = 0;
  #failure: { readonly reason: unknown } | undefined;

  private constructor(path: string, file: FileHandle, length: number) {
    this.#path = path;
    this.#file = file;
    this.#length = length;
  }

  /**
   * Opens a record, or begins one. Only one process at a time has it open.
   *
   * @param settings of this run; undefined to read only
   * @throws DatasetError if it was made with other settings, is in use, or is not a record
   */
  static async open(path: string, settings: string | undefined): Promise<Journal> {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() === false) throw new DatasetError(path, `${path} is not a regular file. Give another output.`);
    await lock(path);
    const file = await open(path, 'a+');
    try {
      const journal = new Journal(path, file, 0);
      await journal.#read(settings);
      return journal;
    } catch (error) {
      await file.close();
      await rm(lockOf(path), { force: true });
      throw error;
    }
  }

  /** Images that are done. */
  get count(): number {
    return this.#count;
  }

  /** Whether an image of this name is done. */
  has(name: string): boolean {
    return this.#names.get(nameFingerprint(name)) !== undefined;
  }

  /** The record of an image by its name; undefined if it is not done. */
  async byName(name: string): Promise<DatasetRecord | undefined> {
    return this.#at(this.#names.get(nameFingerprint(name)));
  }

  /** The record of the first image with this content. @param sha256 32 bytes */
  async byContent(sha256: Uint8Array): Promise<DatasetRecord | undefined> {
    return this.#at(this.#contents.get(sha256));
  }

  /**
   * Writes a record. Those that are given while others are written are written together.
   *
   * @returns when so few wait to be written that the next can be given
   * @throws what the disk says, of this record or one before
   */
  async append(record: DatasetRecord): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    this.#index(record, this.#length);
    this.#length += line.length;
    this.#pending.push(line);
    if (this.#pending.length === 1) {
      this.#written = this.#written.then(() => this.#flush());
      this.#written.catch((reason: unknown) => (this.#failure ??= { reason }));
    }
    if (this.#pending.length >= MAX_PENDING) await this.#written;
    if (this.#failure) throw this.#failure.reason;
  }

  /** @returns when everything is written @throws what the disk says */
  async flush(): Promise<void> {
    await this.#written;
  }

  /** Everything that was recorded, line by line. */
  async *records(): AsyncGenerator<DatasetRecord, void, void> {
    await this.#written;
    for await (const { text } of readLines(this.#path)) yield JSON.parse(text) as DatasetRecord;
  }

  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#file.sync().catch(() => undefined);
    await this.#file.close();
    await rm(lockOf(this.#path), { force: true });
  }

  async #flush(): Promise<void> {
    const lines = Buffer.concat(this.#pending.splice(0));
    await this.#file.appendFile(lines);
    if (performance.now() - this.#synced < SYNC_MS) return;
    await this.#file.datasync();
    this.#synced = performance.now();
  }

  async #at(offset: number | undefined): Promise<DatasetRecord | undefined> {
    if (offset === undefined) return undefined;
    await this.#written;
    const chunks: Buffer[] = [];
    for (let at = offset; ;) {
      const { bytesRead, buffer } = await this.#file.read(Buffer.alloc(4096), 0, 4096, at);
      const end = buffer.subarray(0, bytesRead).indexOf(LINE_FEED);
      chunks.push(buffer.subarray(0, end < 0 ? bytesRead : end));
      if (end >= 0 || bytesRead === 0) break;
      at += bytesRead;
    }
    return JSON.parse(Buffer.concat(chunks).toString()) as DatasetRecord;
  }

  #index({ image, sha256 }: DatasetRecord, offset: number): void {
    this.#count += 1;
    this.#names.set(nameFingerprint(image), offset);
    const content = Buffer.from(sha256, 'hex');
    if (this.#contents.get(content) === undefined) this.#contents.set(content, offset);
  }

  async #read(settings: string | undefined): Promise<void> {
    for await (const { text, offset, end, isComplete } of readLines(this.#path)) {
      if (!isComplete) break; // written when the process was killed
      const record = this.#parse(text, offset);
      if (settings !== undefined && record.settings !== settings) {
        throw new DatasetError(
          this.#path,
          `${this.#path} was made with another model or other options. Give another output, or --overwrite.`,
        );
      }
      this.#index(record, offset);
      this.#length = end;
    }
    await this.#file.truncate(this.#length);
  }

  #parse(text: string, offset: number): DatasetRecord {
    try {
      const record = JSON.parse(text) as Partial<DatasetRecord>;
      const { image, sha256, settings } = record;
      if (typeof image === 'string' && typeof settings === 'string' && /^[0-9a-f]{64}$/.test(sha256 ?? '')) {
        return record as DatasetRecord;
      }
    } catch {
      // It is not JSON.
    }
    throw new DatasetError(
      this.#path,
      `${this.#path} is not a record of captioneer dataset (at byte ${offset}). Give another output, or --overwrite.`,
    );
  }
}

const lockOf = (path: string): string => `${path}.lock`;

/** Takes the lock, also one whose process has been killed. */
async function lock(path: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await writeFile(lockOf(path), String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(lockOf(path), 'utf8').catch(() => '0'));
    if (owner > 0 && owner !== process.pid && isRunning(owner)) break;
    await rm(lockOf(path), { force: true });
  }
  throw new DatasetError(path, `${path} is written by another process. Wait for its end, or remove ${lockOf(path)}.`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
