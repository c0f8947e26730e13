import { mkdir, rmdir, stat, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../../files/read-file.js';

/** A lock whose holder has not shown a sign of life for so long is taken over. */
const STALE_MS = 10_000;
const SIGN_OF_LIFE_MS = 2_000;
const POLL_MS = 100;

/**
 * Does work while no other process (and nothing else in this one) does work under the same name.
 *
 * The lock is a folder, which only one process can make; its holder touches it from time to time. A lock that is lost (by a
 * suspended machine), or taken over by two at once, costs a second download and spoils nothing: what is written is checked
 * before it is used.
 *
 * @param path names the lock; its folder must exist
 * @throws what `work` throws; the abort reason while it waits; the file system's error
 */
export async function withLock<T>(path: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  // Not the name that Python's libraries lock by: theirs is a file, this is a folder.
  const folder = `${path}.js.lock`;
  while (!(await isMade(folder))) {
    signal?.throwIfAborted();
    if (await isStale(folder)) await rmdir(folder).catch(() => undefined);
    else await sleep(POLL_MS);
  }
  const signs = setInterval(() => {
    const now = new Date();
    void utimes(folder, now, now).catch(() => undefined);
  }, SIGN_OF_LIFE_MS);
  signs.unref();
  try {
    signal?.throwIfAborted();
    return await work();
  } finally {
    clearInterval(signs);
    // If another process has taken it over, it is that process's to remove, which is done as well if it is gone already.
    await rmdir(folder).catch(() => undefined);
  }
}

async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return false;
  }
}

async function isStale(folder: string): Promise<boolean> {
  const stats = await stat(folder).catch(() => undefined);
  return stats !== undefined && stats.mtimeMs < Date.now() - STALE_MS;
}
