import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { open, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { ModelFileError } from '../../../../core/index.js';
import { checksumMismatch, tooLong, type Download, type HubDigest, type HubFile } from '../../../../hub/index.js';

/** What has arrived so far; no other library writes files of this name. */
const PARTIAL = '.captioneer-partial';

/**
 * Downloads a file to `path`. It appears there whole and checked, or not at all; what has arrived of it before an error
 * stays beside it, and the next attempt begins where that ends.
 *
 * @throws ModelFileError if size or hash are not what they must be; the file system's error; what `download` throws
 */
export async function receiveFile(
  path: string,
  file: HubFile,
  download: Download,
  signal?: AbortSignal,
): Promise<void> {
  const partial = path + PARTIAL;
  const handle = await open(partial, constants.O_RDWR | constants.O_CREAT);
  try {
    await fill(handle, file, download);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await check(partial, file, signal);
  } catch (error) {
    // Only what is wrong is deleted, not what was not read to its end.
    if (error instanceof ModelFileError) await unlink(partial);
    throw error;
  }
  await rename(partial, path);
}

async function fill(handle: FileHandle, file: HubFile, download: Download): Promise<void> {
  let { size: at } = await handle.stat();
  if (at > file.bytes) {
    await handle.truncate(0);
    at = 0;
  }
  for await (const chunk of download(at)) {
    if (at + chunk.byteLength > file.bytes) {
      await handle.truncate(0);
      throw tooLong(file);
    }
    // Written where it belongs, not at the end: should two ever write the same file, they write the same bytes.
    await handle.write(chunk, 0, chunk.byteLength, at);
    at += chunk.byteLength;
  }
}

async function check(partial: string, file: HubFile, signal?: AbortSignal): Promise<void> {
  const found = await hashFile(partial, file.digest, signal);
  if (found !== file.digest.hex) throw checksumMismatch(file, found);
}

/**
 * The hash of a file's content, of the kind of `digest`, in lower-case hexadecimal.
 *
 * @throws the file system's error; the abort reason
 */
export async function hashFile(path: string, { algorithm }: HubDigest, signal?: AbortSignal): Promise<string> {
  const hash = createHash(algorithm === 'sha256' ? 'sha256' : 'sha1');
  if (algorithm === 'git-sha1') hash.update(`blob ${(await stat(path)).size}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    signal?.throwIfAborted();
    hash.update(chunk as Uint8Array);
  }
  return hash.digest('hex');
}
