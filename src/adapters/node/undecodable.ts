import { ImageUnreadableError } from '../../core/index.js';

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

const CUT_SHORT = /premature|truncat|unexpected end|end of (file|data|stream)|EOF|not enough|too short/i;

function isCutShort(bytes: Uint8Array, reason: string): boolean {
  if (CUT_SHORT.test(reason)) return true;
  // These two decoders do not say what they stumbled over, but their files tell where they end.
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.toString('latin1', 1, 4) === 'PNG') return file.lastIndexOf('IEND') < 0;
  if (file.toString('latin1', 8, 12) === 'WEBP') return file.readUInt32LE(4) + 8 > file.length;
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
