import { SourceFileError } from '../../core/index.js';

/** Whether a file begins with the byte order mark of UTF-8. */
export function hasBom(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/**
 * The text of a source file, without its byte order mark.
 *
 * @throws SourceFileError if it is not UTF-8: bytes that cannot be read could not be kept either
 */
export function readSourceText(file: string, bytes: Uint8Array): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  try {
    if (!isUtf16) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SourceFileError(file, NOT_UTF8, { cause });
  }
  throw new SourceFileError(file, NOT_UTF8);
}

const NOT_UTF8 = 'it is not UTF-8. Convert it, for instance with iconv, and try again.';
