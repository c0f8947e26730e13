import { InvalidArgumentError, type Fingerprint, type GraphSource } from '../../../core/index.js';
import { digest } from './digest.js';

/**
 * Size and hash of bytes.
 *
 * @throws InvalidArgumentError for a path; RuntimeError if the page has no Web Crypto; the abort reason
 */
export async function fingerprint(source: GraphSource, signal?: AbortSignal): Promise<Fingerprint> {
  signal?.throwIfAborted();
  if (typeof source === 'string') throw noPaths();
  const sha256 = await digest('SHA-256', source);
  signal?.throwIfAborted();
  return { bytes: source.byteLength, sha256 };
}

/** The error for a path when a browser needs bytes. */
export function noPaths(): InvalidArgumentError {
  return new InvalidArgumentError('graph', 'There are no paths in a browser. Give the bytes of the file.');
}
