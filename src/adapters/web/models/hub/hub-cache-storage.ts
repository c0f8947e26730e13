import { ModelFileError } from '../../../../core/index.js';
import { modelFilePath } from '../../../../core/model-file-path.js';
import {
  checksumMismatch,
  digestOf,
  isCommit,
  type Download,
  type HubDigest,
  type HubFile,
  type HubStore,
  type KeptFile,
} from '../../../../hub/index.js';
import { digest } from '../digest.js';
import { FileParts, isPart } from './file-parts.js';
import { keep } from './keep.js';

/** Own, and not that of other libraries: what lies here has been checked. */
const CACHE = 'captioneer';
/** The header of a kept file that has the hash of its content. */
const DIGEST = 'x-captioneer-digest';

/** Which repository is kept, and by what. */
export interface HubCacheStorageOptions {
  readonly hubUrl: string;
  /** `owner/name` */
  readonly id: string;
  /** The cache's name. Default `captioneer`. */
  readonly cacheName?: string;
  /** Most bytes of one file. Default any number. */
  readonly maxBytes?: number;
  /** Default those of the page. */
  readonly caches?: CacheStorage;
  /** Default those of the page. */
  readonly locks?: Pick<LockManager, 'request'>;
}

/**
 * Files of one repository in the Cache Storage of the page's origin, where every tab finds them, under the addresses that
 * they have on the hub.
 *
 * A file that is being downloaded lies there in parts until it is whole and checked. One tab at a time downloads a file; the
 * others wait for it (Web Locks).
 */
export class HubCacheStorage implements HubStore {
  readonly location: string;
  readonly #id: string;
  readonly #hubUrl: string;
  readonly #cacheName: string;
  readonly #maxBytes: number;
  readonly #caches: CacheStorage;
  readonly #locks: Pick<LockManager, 'request'>;

  constructor({
    hubUrl,
    id,
    cacheName = CACHE,
    maxBytes = Infinity,
    caches = globalThis.caches,
    locks = navigator.locks,
  }: HubCacheStorageOptions) {
    this.location = `the browser's cache "${cacheName}"`;
    this.#id = id;
    this.#hubUrl = hubUrl;
    this.#cacheName = cacheName;
    this.#maxBytes = maxBytes;
    this.#caches = caches;
    this.#locks = locks;
  }

  async commitOf(revision: string): Promise<string | undefined> {
    const kept = await (await this.#open()).match(this.#revision(revision));
    const commit = await kept?.text();
    return commit !== undefined && isCommit(commit) ? commit : undefined;
  }

  async remember(revision: string, commit: string): Promise<void> {
    if ((await this.commitOf(revision)) === commit) return;
    await keep(await this.#open(), this.#revision(revision), new Blob([commit]), revision);
  }

  async list(commit: string): Promise<readonly string[]> {
    const folder = this.#folder(commit);
    const kept = await (await this.#open()).keys();
    return kept
      .filter(({ url }) => url.startsWith(folder) && !isPart(url))
      .map(({ url }) => decodeURIComponent(url.slice(folder.length)));
  }

  async find(commit: string, path: string): Promise<KeptFile | undefined> {
    const kept = await (await this.#open()).match(this.#address(commit, path));
    if (!kept) return undefined;
    return { bytes: Number(kept.headers.get('content-length')), digest: digestOf(kept.headers.get(DIGEST) ?? '') };
  }

  async matches(commit: string, path: string, digest: HubDigest): Promise<boolean> {
    const kept = await (await this.#open()).match(this.#address(commit, path));
    return kept !== undefined && (await hash(await kept.blob(), digest.algorithm)) === digest.hex;
  }

  async read(commit: string, path: string, signal?: AbortSignal): Promise<Uint8Array> {
    const kept = await (await this.#open()).match(this.#address(commit, path));
    signal?.throwIfAborted();
    if (kept) return new Uint8Array(await kept.arrayBuffer());
    throw new ModelFileError(
      path,
      `${path} is no longer in ${this.location}: it was emptied meanwhile. Load it again.`,
    );
  }

  async add(commit: string, file: HubFile, download: Download, signal?: AbortSignal): Promise<void> {
    const { path, bytes, digest } = file;
    if (bytes > this.#maxBytes) {
      throw new ModelFileError(path, `${path} has ${bytes} bytes; ${this.#maxBytes} are allowed (maxModelFileBytes).`);
    }
    const address = this.#address(commit, path);
    // What waits for the lock hears of an abort; who has it stops by what `download` throws.
    await this.#locks.request(`${this.#cacheName} ${address}`, { ...(signal && { signal }) }, async () => {
      if ((await this.find(commit, path))?.bytes === bytes && (await this.matches(commit, path, digest))) return;
      const cache = await this.#open();
      const parts = await FileParts.open(cache, address);
      const whole = await parts.complete(file, download);
      signal?.throwIfAborted();
      const found = await hash(whole, digest.algorithm);
      if (found === digest.hex) await keep(cache, address, whole, path, { [DIGEST]: digest.hex });
      await parts.drop();
      if (found !== digest.hex) throw checksumMismatch(file, found);
    });
  }

  #open(): Promise<Cache> {
    return this.#caches.open(this.#cacheName);
  }

  #revision(revision: string): string {
    return `${this.#hubUrl}/api/models/${this.#id}/revision/${revision}`;
  }

  #folder(commit: string): string {
    return `${this.#hubUrl}/${this.#id}/resolve/${commit}/`;
  }

  #address(commit: string, path: string): string {
    return `${this.#folder(commit)}${modelFilePath(path).split('/').map(encodeURIComponent).join('/')}`;
  }
}

async function hash(content: Blob, algorithm: HubFile['digest']['algorithm']): Promise<string> {
  if (algorithm === 'sha256') return digest('SHA-256', await content.arrayBuffer());
  return digest('SHA-1', await new Blob([`blob ${content.size}\0`, content]).arrayBuffer());
}
