import { ImageUnreadableError } from '../../../core/index.js';
import { latin1 } from '../byte-arrays.js';

/** The error for a picture whose first bytes are those of a known format, but that the decoder gave up on. */
export function undecodable(bytes: Uint8Array, name: string, error: unknown): ImageUnreadableError {
  const reason = firstLine(error instanceof Error ? error.message : String(error));
  const problem = isCutShort(bytes, reason) ? 'cut short' : 'damaged, or of an uncommon kind';
  return new ImageUnreadableError(
    name,
    `${name}: the picture is ${problem} (${reason}). Copy or download it again, or save it anew as JPEG or PNG.`,
    { cause: error },
  );
}

/** The name of a PNG's last chunk. */
const IEND = [0x49, 0x45, 0x4e, 0x44];

const CUT_SHORT = /premature|truncat|unexpected end|end of (file|data|stream)|EOF|not enough|too short/i;

function isCutShort(bytes: Uint8Array, reason: string): boolean {
  if (CUT_SHORT.test(reason)) return true;
  // These two decoders do not say what they stumbled over, but their files tell where they end.
  const head = latin1(bytes.subarray(0, 12));
  if (head.slice(1, 4) === 'PNG')
    return !bytes.some((_byte, at) => IEND.every((byte, index) => bytes[at + index] === byte));
  if (head.slice(8) === 'WEBP')
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) + 8 > bytes.length;
  return false;
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
