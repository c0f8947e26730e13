import { ModelFileError } from '../../../../core/index.js';

/**
 * Puts content into a cache, whole or not at all.
 *
 * @param path the file's name, for messages
 * @param more further headers of what is kept
 * @throws ModelFileError if the browser refuses
 */
export async function keep(cache: Cache, address: string, content: Blob, path: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  try {
    const headers = { 'content-length': String(content.size), ...more };
    await cache.put(address, new Response(content, { headers }));
  } catch (cause) {
    const advice = 'Free some of the disk, or let the page store more (navigator.storage.persist()).';
    throw new ModelFileError(path, `${path}: the browser did not keep ${content.size} bytes. ${advice}`, { cause });
  }
}
