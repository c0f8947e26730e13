import { ImageUnreadableError } from '../../../core/index.js';
import { latin1 } from '../byte-arrays.js';
import { tiffEnd } from './tiff-header.js';

/** The error for an image whose first bytes are those of a known format, but that the decoder gave up on. */
export function undecodable(bytes: Uint8Array, name: string, error: unknown): ImageUnreadableError {
  const reason = firstLine(error instanceof Error ? error.message : String(error));
  return new ImageUnreadableError(name, `${name}: ${problem(bytes, reason)}`, { cause: error });
}

const CUT_SHORT = /premature|truncat|unexpected end|end of (file|data|stream)|EOF|not enough|too short|read beyond/i;
const UNSUPPORTED = /unsupported|not supported|unimplemented|not implemented|not configured/i;

function problem(bytes: Uint8Array, reason: string): string {
  if (reason.startsWith('timeout:'))
    return `decoding takes too long (${reason}). Shrink the image, or raise imageTimeoutMs.`;
  if (isCutShort(bytes, reason)) return `the image is cut short (${reason}). Copy or download it again.`;
  if (UNSUPPORTED.test(reason)) {
    return `the image is of an uncommon kind, which is not decoded (${reason}). Save it as JPEG or PNG.`;
  }
  const advice = 'Copy or download it again, or save it as JPEG or PNG.';
  return `the image is damaged, or of an uncommon kind (${reason}). ${advice}`;
}

/** Bytes at a file's end that are searched for its last chunk: something else may follow it. */
const TAIL_BYTES = 2 ** 16;

/** The name of a PNG's last chunk. */
const IEND = [0x49, 0x45, 0x4e, 0x44];

function isCutShort(bytes: Uint8Array, reason: string): boolean {
  if (CUT_SHORT.test(reason)) return true;
  // These decoders do not say what they failed on, but their files tell where they end.
  const head = latin1(bytes.subarray(0, 12));
  if (head.slice(1, 4) === 'PNG') {
    const tail = bytes.subarray(-TAIL_BYTES);
    return !tail.some((_byte, at) => IEND.every((byte, index) => tail[at + index] === byte));
  }
  if (head.slice(8) === 'WEBP') {
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) + 8 > bytes.length;
  }
  return /^(II|MM)/.test(head) && tiffEnd(bytes) > bytes.length;
}

/** libvips gives one line for each layer that failed; the first says most. */
function firstLine(message: string): string {
  return (
    message
      .replace(/^Input (buffer|file) has corrupt header:\s*/, '')
      .trim()
      .split('\n', 1)[0] ?? ''
  );
}
