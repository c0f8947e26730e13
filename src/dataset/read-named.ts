import { open, stat } from 'node:fs/promises';
import { imageSource } from '../adapters/node/images/image-source.js';
import { readImageBytes } from '../adapters/node/images/read-image-bytes.js';
import { ImageUnreadableError } from '../core/index.js';

/** No more bytes of an image are read: 256 MiB. */
export const MAX_IMAGE_BYTES = 2 ** 28;

/**
 * The bytes of an image by its name: the path of a file, or an http or https URL.
 *
 * @throws ImageUnreadableError, FetchError
 */
export function readNamed(name: string): Promise<Uint8Array> {
  return /^https?:\/\//i.test(name) ? readUrl(name) : readFile(name);
}

async function readUrl(url: string): Promise<Uint8Array> {
  const source = imageSource(url);
  if (source.kind !== 'url') throw new ImageUnreadableError(url, `${url}: this is not a URL.`);
  return readImageBytes(source);
}

async function readFile(path: string): Promise<Uint8Array> {
  // Opening a pipe would wait for its other end.
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  if (!found.isFile()) throw new ImageUnreadableError(path, `${path}: this is not a regular file.`);
  if (found.size > MAX_IMAGE_BYTES) {
    throw new ImageUnreadableError(path, `${path}: the file has more than ${MAX_IMAGE_BYTES} bytes.`);
  }
  const file = await open(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    return await file.readFile();
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    await file.close();
  }
}

function unreadable(path: string, cause: unknown): ImageUnreadableError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new ImageUnreadableError(path, `${path}: the file cannot be read (${code ?? message}).`, { cause });
}
