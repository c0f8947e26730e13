import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, readlink, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { ModelFileError } from '../../../../core/index.js';
import { modelFilePath } from '../../../../core/model-file-path.js';
import {
  digestOf,
  isCommit,
  type Download,
  type HubDigest,
  type HubFile,
  type HubStore,
  type KeptFile,
} from '../../../../hub/index.js';
import { explainWriteError, sizeOfFile } from '../../files/read-file.js';
import { readModelFile } from '../read-model-file.js';
import { linkFile } from './link-file.js';
import { withLock } from './lock.js';
import { hashFile, receiveFile } from './receive-file.js';

/**
 * The cache folder of the Hugging Face libraries
 * (https://huggingface.co/docs/huggingface_hub/guides/manage-cache), shared with them:
 *
 *     models--owner--name/refs/main                      the commit of a branch or tag
 *     models--owner--name/blobs/<hash>                   contents, each once
 *     models--owner--name/snapshots/<commit>/onnx/…      links to contents
 *     .locks/models--owner--name/                        who is downloading what
 */
export class HubCacheFolder implements HubStore {
  readonly location: string;
  readonly #locks: string;
  readonly #maxBytes: number;

  /**
   * @param cacheFolder the folder that has a folder for each model
   * @param id `owner/name`
   * @param maxBytes most bytes of one file
   */
  constructor(cacheFolder: string, id: string, maxBytes: number) {
    const name = `models--${id.replace('/', '--')}`;
    this.location = join(cacheFolder, name);
    this.#locks = join(cacheFolder, '.locks', name);
    this.#maxBytes = maxBytes;
  }

  async commitOf(revision: string): Promise<string | undefined> {
    const text = await readFile(join(this.location, 'refs', revision), 'utf8').catch(() => '');
    return isCommit(text.trim()) ? text.trim() : undefined;
  }

  async remember(revision: string, commit: string): Promise<void> {
    if ((await this.commitOf(revision)) === commit) return;
    const path = join(this.location, 'refs', revision);
    await this.#writing(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      const fresh = `${path}.${randomUUID()}`;
      await writeFile(fresh, commit);
      await rename(fresh, path);
    });
  }

  async list(commit: string): Promise<readonly string[]> {
    const snapshot = this.#snapshot(commit);
    const entries = await readdir(snapshot, { recursive: true }).catch(() => []);
    const sizes = await Promise.all(entries.map((entry) => sizeOfFile(join(snapshot, entry))));
    return entries.filter((_, index) => sizes[index] !== undefined).map((entry) => entry.split(sep).join('/'));
  }

  async find(commit: string, path: string): Promise<KeptFile | undefined> {
    const file = this.#pathOf(commit, path);
    const bytes = await sizeOfFile(file);
    if (bytes === undefined) return undefined;
    // A link leads to a blob, whose name is its hash. A copy, which other libraries make on Windows, does not tell.
    const target = await readlink(file).catch(() => '');
    return { bytes, digest: digestOf(basename(target)) };
  }

  async matches(commit: string, path: string, digest: HubDigest, signal?: AbortSignal): Promise<boolean> {
    return (await hashFile(this.#pathOf(commit, path), digest, signal)) === digest.hex;
  }

  read(commit: string, path: string, signal?: AbortSignal): Promise<Uint8Array> {
    return readModelFile(this.#pathOf(commit, path), this.#maxBytes, signal);
  }

  locate(commit: string, path: string): string {
    return this.#pathOf(commit, path);
  }

  async add(commit: string, file: HubFile, download: Download, signal?: AbortSignal): Promise<void> {
    const path = this.#pathOf(commit, file.path);
    if (file.bytes > this.#maxBytes) {
      throw new ModelFileError(path, `${file.path} has ${file.bytes} bytes; ${this.#maxBytes} are allowed.`);
    }
    const blob = join(this.location, 'blobs', file.digest.hex);
    await this.#writing(path, async () => {
      await Promise.all(
        [dirname(blob), dirname(path), this.#locks].map((folder) => mkdir(folder, { recursive: true })),
      );
      await withLock(join(this.#locks, file.digest.hex), signal, async () => {
        if (!(await isWhole(blob, file, signal))) await receiveFile(blob, file, download, signal);
        await linkFile(blob, path);
      });
    });
  }

  /** Says what to do if the folder cannot be written. */
  async #writing(path: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (cause) {
      const reason = explainWriteError(cause);
      if (reason === undefined) throw cause;
      const advice = 'Make room or choose another folder with HF_HOME.';
      throw new ModelFileError(path, `${this.location}: ${reason} ${advice}`, { cause });
    }
  }

  #snapshot(commit: string): string {
    return join(this.location, 'snapshots', commit);
  }

  #pathOf(commit: string, path: string): string {
    return join(this.#snapshot(commit), modelFilePath(path));
  }
}

async function isWhole(path: string, { bytes, digest }: HubFile, signal?: AbortSignal): Promise<boolean> {
  return (await sizeOfFile(path)) === bytes && (await hashFile(path, digest, signal)) === digest.hex;
}
