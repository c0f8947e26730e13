import { ModelFileError } from '../core/index.js';
import type { HubFile } from './hub-file.js';

/** The error for a file that brings more bytes than the hub stated. */
export function tooLong({ path, bytes }: HubFile): ModelFileError {
  return new ModelFileError(path, `${path} is too long: expected ${bytes} bytes, found more. Load it again.`);
}

/** The error for a file whose content has another hash than the hub stated. */
export function checksumMismatch({ path, digest: { algorithm, hex } }: HubFile, found: string): ModelFileError {
  return new ModelFileError(
    path,
    `${path}: checksum mismatch after the download: expected ${algorithm} ${hex}, found ${algorithm} ${found}. It was deleted; ` +
      'load it again.',
  );
}
