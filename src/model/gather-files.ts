import type { ModelFile, ModelFiles } from '../core/index.js';

/** Files that cannot be kept are held in memory until their graphs are loaded; more than this is fetched one after the other. */
const MOST_BYTES_AT_ONCE = 2 ** 28;

/** Whether files of a model may be in memory at once. */
export function fitTogether(wanted: readonly ModelFile[]): boolean {
  return wanted.reduce((sum, { bytes }) => sum + bytes, 0) <= MOST_BYTES_AT_ONCE;
}

/**
 * Begins to fetch files of a model, all at once, and gives the function that reads one of them.
 *
 * Files that a hub sends are kept where that can be, and read one by one; what comes from a URL is held in memory if it is not too
 * much; what lies in a folder is read when it is wanted.
 *
 * @throws what fetching one of them throws, the others stopped; the abort reason
 */
export async function gatherFiles(
  files: ModelFiles,
  wanted: readonly ModelFile[],
  signal: AbortSignal | undefined,
): Promise<(name: string) => Promise<Uint8Array>> {
  const names = wanted.map(({ file }) => file);
  if (files.fetch) await fetchFiles(files, names, signal);
  else if (!files.locate && fitTogether(wanted)) {
    const contents = await together(signal, names, (name, stop) => files.read(name, stop));
    const held = new Map(names.map((name, index) => [name, contents[index] as Uint8Array]));
    return async (name) => {
      const bytes = held.get(name) ?? (await files.read(name, signal));
      held.delete(name);
      return bytes;
    };
  }
  return (name) => files.read(name, signal);
}

/**
 * Brings files here at once, if they come through the network and can be kept.
 *
 * @throws as {@link gatherFiles}
 */
export async function fetchFiles(
  files: ModelFiles,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  if (files.fetch) await together(signal, names, async (name, stop) => files.fetch?.(name, stop));
}

/** Does the same with several names at once; the first error stops the others. */
async function together<T>(
  signal: AbortSignal | undefined,
  names: readonly string[],
  work: (name: string, stop: AbortSignal) => Promise<T>,
): Promise<T[]> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const onAbort = (): void => {
    controller.abort(signal?.reason);
  };
  signal?.addEventListener('abort', onAbort);
  try {
    return await Promise.all(names.map((name) => work(name, controller.signal)));
  } catch (error) {
    controller.abort(error);
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
