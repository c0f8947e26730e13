import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { ModelFileError, type Fingerprint, type GraphSource } from '../../../core/index.js';
import { explainFileError } from '../files/read-file.js';

/** Pieces of a file that are hashed at once. */
const PIECE_BYTES = 2 ** 20;

/**
 * Size and hash of bytes, or of the file at a path, which is never in memory whole.
 *
 * @throws ModelFileError if the file cannot be read; the abort reason
 */
export async function fingerprint(source: GraphSource, signal?: AbortSignal): Promise<Fingerprint> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of typeof source === 'string' ? pieces(source) : [source]) {
    signal?.throwIfAborted();
    hash.update(piece);
    bytes += piece.byteLength;
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function* pieces(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) yield piece as Uint8Array;
  } catch (cause) {
    throw new ModelFileError(path, `${path}: ${explainFileError(cause)}`, { cause });
  }
}
