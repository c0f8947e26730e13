import { ImageUnreadableError } from '../../../core/index.js';

/**
 * The bytes that a `data:` URL carries (RFC 2397).
 *
 * @throws ImageUnreadableError where it is not of the form `data:[type][;base64],data`
 */
export function dataUrlBytes(href: string): Uint8Array {
  const comma = href.indexOf(',');
  if (comma < 0) throw malformed('it has no comma before the data');
  const bytes = percentDecode(href.slice(comma + 1));
  if (!/;\s*base64\s*$/i.test(href.slice(0, comma))) return bytes;
  const base64 = new TextDecoder().decode(bytes).replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  try {
    return byteString(atob(base64));
  } catch {
    throw malformed('its data is not base64');
  }
}

/** `%` and two hexadecimal digits stand for a byte; every other character for its UTF-8 bytes. */
function percentDecode(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
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
