import { ImageUnreadableError } from '../../../core/index.js';
import { decodeUtf8, encodeUtf8 } from '../../../text/utf8.js';

/**
 * The bytes that a `data:` URL carries (RFC 2397).
 *
 * `fetch` reads such URLs too, but a page's Content-Security-Policy may forbid it to (`connect-src`), and it refuses the base64 of
 * URLs (`-` and `_`).
 *
 * @param maxBytes most bytes of the image; checked before anything is decoded
 * @throws ImageUnreadableError if it is not of the form `data:[type][;base64],data`, or too long; `tooLong()`
 */
export function dataUrlBytes(href: string, maxBytes: number, tooLong: () => Error): Uint8Array {
  const comma = href.indexOf(',');
  if (comma < 0) throw malformed('it has no comma before the data');
  const isBase64 = /;\s*base64\s*$/i.test(href.slice(0, comma));
  // Each byte takes three characters at most (%FF), four thirds in base64, and line breaks may stand between.
  if (href.length - comma > maxBytes * (isBase64 ? 2 : 3) + 1024) throw tooLong();
  const bytes = percentDecode(href.slice(comma + 1));
  if (!isBase64) return within(bytes, maxBytes, tooLong);
  const base64 = decodeUtf8(bytes).replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  let text: string;
  try {
    text = atob(base64);
  } catch {
    throw malformed('its data is not base64');
  }
  return within(byteString(text), maxBytes, tooLong);
}

function within(bytes: Uint8Array, maxBytes: number, tooLong: () => Error): Uint8Array {
  if (bytes.byteLength > maxBytes) throw tooLong();
  return bytes;
}

/** `%` and two hexadecimal digits stand for a byte; every other character for its UTF-8 bytes. */
function percentDecode(text: string): Uint8Array {
  const bytes = encodeUtf8(text);
  if (!text.includes('%')) return bytes;
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1, length += 1) {
    const escaped = bytes[at] === PERCENT ? hexByte(bytes, at + 1) : undefined;
    bytes[length] = escaped ?? (bytes[at] as number);
    if (escaped !== undefined) at += 2;
  }
  return bytes.subarray(0, length);
}

const PERCENT = 0x25;

function hexByte(bytes: Uint8Array, at: number): number | undefined {
  const digits = String.fromCharCode(...bytes.subarray(at, at + 2));
  return /^[0-9a-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

function byteString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

function malformed(why: string): ImageUnreadableError {
  return new ImageUnreadableError('data: URL', `data: URL: ${why}. Write it as data:image/png;base64,….`);
}
