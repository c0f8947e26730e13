import { createHash } from 'node:crypto';

/** SHA-256 of bytes as lower-case hexadecimal. */
export function sha256(data: Uint8Array): Promise<string> {
  return Promise.resolve(createHash('sha256').update(data).digest('hex'));
}
