import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ModelFileError, type ByteSource } from '../../../core/index.js';
import { explainFileError } from '../files/read-file.js';

/**
 * Uses the bytes of a file that is not read whole.
 *
 * @throws ModelFileError if it cannot be read; what `use` throws
 */
export function withFile<T>(path: string, use: (file: ByteSource) => T): T {
  const handle = opened(path);
  try {
    return use({
      size: fstatSync(handle).size,
      read(offset, length) {
        const bytes = new Uint8Array(length);
        return bytes.subarray(0, readSync(handle, bytes, 0, length, offset));
      },
    });
  } finally {
    closeSync(handle);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new ModelFileError(path, `${path}: ${explainFileError(cause)}`, { cause });
  }
}
