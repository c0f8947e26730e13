import { ModelFileError } from '../../../core/index.js';
import { explainFileError, readFile } from '../files/read-file.js';

/**
 * Reads one file of a model whole.
 *
 * @throws ModelFileError if it cannot be read or has more than `maxBytes`; the abort reason
 */
export async function readModelFile(path: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
  signal?.throwIfAborted();
  try {
    return await readFile(path, { maxBytes, tooLong: () => tooLarge(path, maxBytes), signal });
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof ModelFileError) throw cause;
    throw new ModelFileError(path, `${path}: ${explainFileError(cause)}`, { cause });
  }
}

/** The error for a file of a model with more bytes than `maxModelFileBytes` allows. */
export function tooLarge(path: string, maxBytes: number): ModelFileError {
  return new ModelFileError(path, `${path} is larger than the ${maxBytes} bytes allowed.`);
}
