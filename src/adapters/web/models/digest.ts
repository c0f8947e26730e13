import { insecureContext } from '../advice.js';

/**
 * A hash of bytes in lower-case hexadecimal, by Web Crypto.
 *
 * @throws RuntimeError if the page has none
 */
export async function digest(algorithm: 'SHA-256' | 'SHA-1', bytes: ArrayBuffer | Uint8Array): Promise<string> {
  // Typed as if it were always there.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) throw insecureContext('Web Crypto, which checks the files of a model,');
  const hash = new Uint8Array(await subtle.digest(algorithm, bytes as BufferSource));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
