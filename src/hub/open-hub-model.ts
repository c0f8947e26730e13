import {
  type FetchError,
  InvalidArgumentError,
  ModelFileError,
  type LoadProgress,
  type ModelFiles,
} from '../core/index.js';
import { HubClient } from './hub-client.js';
import type { HubFile } from './hub-file.js';
import { isCommit } from './hub-id.js';
import type { HubSettings } from './hub-settings.js';
import type { HubStore } from './hub-store.js';
import { isTransient } from '../http/index.js';

/** Which model of a hub is opened, and how. */
export interface OpenHubModelOptions {
  /** `owner/name`. */
  readonly id: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  readonly settings: HubSettings;
  /** Keeps what arrives. */
  readonly store: HubStore;
  /** Hears of the bytes that arrive. */
  readonly progress?: ((progress: LoadProgress) => void) | undefined;
  /** Stops the opening; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The files of a model on a hub. Each is downloaded when it is first wanted, and kept.
 *
 * A branch or tag is looked up again each time, so that its newest commit is loaded; if the hub cannot be reached, the
 * commit that was loaded last is.
 *
 * @throws FetchError, ModelFileError, InvalidArgumentError for an impossible revision, the abort reason
 */
export async function openHubModel(options: OpenHubModelOptions): Promise<ModelFiles> {
  checkRevision(options.revision);
  if (options.settings.isOffline) return offlineFiles(options);
  try {
    return await onlineFiles(options);
  } catch (error) {
    if (!isTransient(error)) throw error;
    return offlineFiles(options, error);
  }
}

/** A revision names a file of the store too. */
function checkRevision(revision: unknown): void {
  if (typeof revision === 'string' && /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(revision)) return;
  throw new InvalidArgumentError(
    'revision',
    `revision is ${JSON.stringify(revision)}. Name a branch, tag or commit, such as "main".`,
  );
}

async function onlineFiles(options: OpenHubModelOptions): Promise<ModelFiles> {
  const { id, revision, settings, store, progress } = options;
  const client = new HubClient(id, settings);
  const commit = isCommit(revision) ? revision : await client.commitOf(revision, options.signal);
  const files = new Map((await client.files(commit, options.signal)).map((file) => [file.path, file]));
  if (commit !== revision) await store.remember(revision, commit);

  const download = async (file: HubFile, signal: AbortSignal | undefined): Promise<void> => {
    const report = (loadedBytes: number): void => progress?.({ file: file.path, loadedBytes, totalBytes: file.bytes });
    async function* content(from: number): AsyncGenerator<Uint8Array> {
      let loadedBytes = from;
      for await (const chunk of client.content(commit, file, from, signal)) {
        loadedBytes += chunk.byteLength;
        yield chunk;
        report(loadedBytes);
      }
    }
    await store.add(commit, file, content, signal);
  };
  const require = once(async (name: string, signal: AbortSignal | undefined): Promise<void> => {
    const file = files.get(name);
    if (!file) throw missing(name, `${id} (revision ${revision})`, [...files.keys()]);
    signal?.throwIfAborted();
    const kept = await store.find(commit, name);
    const isWhole = kept?.bytes === file.bytes && (await store.matches(commit, name, file.digest, signal));
    if (!isWhole) await download(file, signal);
  });
  const location = `${settings.hubUrl}/${id}/resolve/${commit}`;
  return keptFiles(
    store,
    commit,
    location,
    (name) => files.has(name),
    require,
    (name) => files.get(name),
  );
}

/** @param cause why the hub cannot be asked; undefined if that is as the caller wished */
async function offlineFiles(options: OpenHubModelOptions, cause?: FetchError): Promise<ModelFiles> {
  const { id, revision, store, settings } = options;
  const commit = isCommit(revision) ? revision : await store.commitOf(revision);
  const names = commit === undefined ? [] : await store.list(commit);
  const why = cause ? 'The hub cannot be reached' : settings.names.offline;
  if (commit === undefined || names.length === 0) {
    if (cause) throw cause;
    throw new ModelFileError(
      id,
      `${why}, and nothing of ${id} (revision ${revision}) has been downloaded to ${store.location}. ` +
        'Load it once with the network, or give a model folder.',
    );
  }
  const require = once(async (name: string, signal: AbortSignal | undefined): Promise<void> => {
    const kept = await store.find(commit, name);
    if (kept === undefined) {
      const where = `${store.location} of ${id} (revision ${revision})`;
      throw cause ?? missing(name, where, names, `${why}. Load the model once with the network.`);
    }
    if (kept.digest === undefined || (await store.matches(commit, name, kept.digest, signal))) return;
    throw damaged(name, store.locate?.(commit, name) ?? `${name} in ${store.location}`, why);
  });
  return keptFiles(store, commit, `${store.location} (${commit})`, (name) => names.includes(name), require);
}

/** Does work once for each name, unless it failed. */
function once(work: (name: string, signal: AbortSignal | undefined) => Promise<void>): Require {
  const done = new Set<string>();
  const require = async (name: string, signal?: AbortSignal): Promise<void> => {
    if (done.has(name)) return;
    await work(name, signal);
    done.add(name);
  };
  return Object.assign(require, { isDone: (name: string) => done.has(name) });
}

/** Brings a file into the store and checks it there. */
type Require = ((name: string, signal?: AbortSignal) => Promise<void>) & { isDone: (name: string) => boolean };

function keptFiles(
  store: HubStore,
  commit: string,
  location: string,
  has: (name: string) => boolean,
  require: Require,
  known: (name: string) => HubFile | undefined = () => undefined,
): ModelFiles {
  return {
    location,
    has: (name) => Promise.resolve(has(name)),
    fetch: require,
    fingerprint(name) {
      const file = require.isDone(name) ? known(name) : undefined;
      return file?.digest.algorithm === 'sha256' ? { bytes: file.bytes, sha256: file.digest.hex } : undefined;
    },
    async read(name, signal) {
      await require(name, signal);
      return store.read(commit, name, signal);
    },
    ...(store.locate && {
      async locate(name: string, signal?: AbortSignal) {
        await require(name, signal);
        return (store as Required<HubStore>).locate(commit, name);
      },
    }),
  };
}

function missing(name: string, where: string, names: readonly string[], advice = ''): ModelFileError {
  const present = names.length > 12 ? `${names.slice(0, 12).join(', ')} … (${names.length} files)` : names.join(', ');
  return new ModelFileError(name, `There is no "${name}" in ${where}. There are: ${present}. ${advice}`.trim());
}

function damaged(name: string, where: string, why: string): ModelFileError {
  const message = `${where} is damaged: its content is not what was downloaded. ${why}; load the model once with the network, which fetches the file again.`;
  return new ModelFileError(name, message);
}
