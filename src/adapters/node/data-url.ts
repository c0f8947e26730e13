import { ImageUnreadableError } from '../../core/index.js';

/**
 * The bytes that a `data:` URL carries (RFC 2397).
 *
 * @throws ImageUnreadableError where it is not of the form `data:[type][;base64],data`
 */
export function dataUrlBytes(href: string): Uint8Array {
  const comma = href.indexOf(',');
  if (comma < 0) throw malformed('it has no comma before the data');
  const text = percentDecode(href.slice(comma + 1));
  if (!/;\s*base64\s*$/i.test(href.slice(0, comma))) return text;
  const base64 = text.toString('latin1').replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(base64)) throw malformed('its data is not base64');
  return Buffer.from(base64, 'base64');
}

function percentDecode(text: string): Buffer {
  if (!text.includes('%')) return Buffer.from(text);
  const latin1 = Buffer.from(text).toString('latin1');
  const decoded = latin1.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, 'latin1');
}

function malformed(why: string): ImageUnreadableError {
  return new ImageUnreadableError('data: URL', `data: URL: ${why}. Write it as data:image/png;base64,….`);
}
