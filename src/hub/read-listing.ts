import { isModelFilePath } from '../core/model-file-path.js';
import type { HubDigest, HubFile } from './hub-file.js';

const SHA1 = /^[0-9a-f]{40}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * The files of one page of a repository's listing (`/api/models/<id>/tree/<commit>`). A file whose name could not be one in a
 * model folder is left out, as if it were not there.
 *
 * What a hub states becomes the name of a file, so it is checked here: hashes are 40 or 64 lower-case hexadecimal digits,
 * sizes whole numbers.
 *
 * @throws Error which says what is wrong
 */
export function readListing(page: unknown): HubFile[] {
  if (!Array.isArray(page)) throw new Error('a listing that is not a list');
  return page.flatMap((entry: unknown) => {
    const { type, path, size, oid, lfs } = asObject(entry);
    if (type !== 'file' || typeof path !== 'string' || !isModelFilePath(path)) return [];
    // A large file is known by the SHA-256 of its content; the hash in `oid` is then that of a pointer to it.
    if (lfs === undefined || lfs === null) return [hubFile(path, size, { algorithm: 'git-sha1', hex: oid as string })];
    const large = asObject(lfs);
    return [hubFile(path, large.size, { algorithm: 'sha256', hex: large.oid as string })];
  });
}

function hubFile(path: string, bytes: unknown, digest: HubDigest): HubFile {
  const form = digest.algorithm === 'sha256' ? SHA256 : SHA1;
  if (typeof digest.hex !== 'string' || !form.test(digest.hex)) throw new Error(`a listing without a hash of ${path}`);
  if (!Number.isSafeInteger(bytes) || (bytes as number) < 0) throw new Error(`a listing without the size of ${path}`);
  return { path, bytes: bytes as number, digest };
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new Error('a listing of something else than files');
}

/** The digest that a text of this length and form can be, as the blobs of a cache are named; undefined if it is none. */
export function digestOf(hex: string): HubDigest | undefined {
  if (SHA256.test(hex)) return { algorithm: 'sha256', hex };
  return SHA1.test(hex) ? { algorithm: 'git-sha1', hex } : undefined;
}
