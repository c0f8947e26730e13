import { createReadStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { CaptioneerError } from '../../../core/index.js';
import { readStream, type ReadStreamOptions } from '../../shared/read-stream.js';

/**
 * Reads a file whole. Pipes and devices are read to their end, within `maxBytes`.
 *
 * @throws the file system's error with its `code`, or an `AbortError`; `tooLong()`
 */
export async function readFile(path: string, options: ReadStreamOptions): Promise<Uint8Array> {
  const { maxBytes, tooLong, signal } = options;
  signal?.throwIfAborted();
  const stats = await fs.stat(path);
  signal?.throwIfAborted();
  if (!stats.isFile()) return readStream(createReadStream(path), options);
  if (stats.size > maxBytes) throw tooLong();
  return fs.readFile(path, signal && { signal });
}

/** The size of a file in bytes; undefined where there is no such file, or something else of its name. */
export async function sizeOfFile(path: string): Promise<number | undefined> {
  const stats = await fs.stat(path).catch(() => undefined);
  return stats?.isFile() ? stats.size : undefined;
}

/** What a file system's error means and what to do about it. */
export function explainFileError(error: unknown): string {
  const code = errorCode(error);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file. Check the path; a relative one starts at the working directory.';
    case 'EISDIR':
      return 'this is a folder, not a file. Give the path of one file.';
    case 'EACCES':
    case 'EPERM':
      return 'this process may not read the file. Change its permissions.';
    default:
      return `the file cannot be read (${code ?? String(error)}).`;
  }
}

/** What a file system's error in writing means; undefined for an error of another kind. */
export function explainWriteError(error: unknown): string | undefined {
  if (CaptioneerError.isInstance(error)) return undefined;
  const code = errorCode(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'this process may not write there.';
    default:
      return code !== undefined && /^E[A-Z0-9]+$/.test(code) ? `it cannot be written (${code}).` : undefined;
  }
}

/** The `code` of a system error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
