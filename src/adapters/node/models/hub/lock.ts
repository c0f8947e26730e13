import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../../files/read-file.js';

/** A lock whose holder has not shown a sign of life for so long is taken over. */
const STALE_MS = 10_000;
const SIGN_OF_LIFE_MS = 2_000;
const POLL_MS = 100;

/**
 * Does work while no other process (and nothing else in this one) does work under the same name.
 *
 * @param path names the lock; its folder must exist
 * @throws what `work` throws; the abort reason while it waits
 */
export async function withLock<T>(path: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const release = await acquire(path, signal);
  try {
    return await work();
  } finally {
    // Where another process took it over there is nothing to give back.
    await release().catch(() => undefined);
  }
}

async function acquire(path: string, signal: AbortSignal | undefined): Promise<() => Promise<void>> {
  // Not the name that Python's libraries lock by: theirs is a file, this is a folder.
  const options = { realpath: false, lockfilePath: `${path}.js.lock`, stale: STALE_MS, update: SIGN_OF_LIFE_MS };
  const { lock } = await import('proper-lockfile');
  for (;;) {
    signal?.throwIfAborted();
    try {
      // A holder that slept too long (a suspended machine) loses the lock; its work stays correct, since what it writes is
      // checked before it is used.
      return await lock(path, { ...options, onCompromised: () => undefined });
    } catch (error) {
      if (errorCode(error) !== 'ELOCKED') throw error;
    }
    await sleep(POLL_MS);
  }
}
