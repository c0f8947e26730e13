import { latin1 } from '../../shared/byte-arrays.js';

/** A WebP file with its EXIF orientation taken out. */
export interface TakenOrientation {
  /** The file, upright by what it says of itself. */
  readonly bytes: Uint8Array;
  /** How its pixels are to be turned: 1 … 8, as EXIF has it. */
  readonly orientation: number;
}

/** EXIF 2.32, section 4.6.4, tag 274. */
const ORIENTATION = 0x0112;
const EXIF_PREFIX = 'Exif\0\0';

/**
 * Takes the orientation out of a WebP file: browsers heed that of other formats, but not all of them that of WebP.
 *
 * @param bytes any file; what is not WebP comes out as it is
 */
export function takeWebpOrientation(bytes: Uint8Array): TakenOrientation {
  const untouched = { bytes, orientation: 1 };
  if (latin1(bytes.subarray(8, 12)) !== 'WEBP') return untouched;
  try {
    const found = findOrientation(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes);
    if (found === undefined || found.orientation < 2 || found.orientation > 8) return untouched;
    const upright = new Uint8Array(bytes);
    new DataView(upright.buffer).setUint16(found.at, 1, found.isLittle);
    return { bytes: upright, orientation: found.orientation };
  } catch (error) {
    if (error instanceof RangeError) return untouched; // It ends in the midst of something: the decoder has the last word.
    throw error;
  }
}

function findOrientation(
  view: DataView,
  bytes: Uint8Array,
): { at: number; orientation: number; isLittle: boolean } | undefined {
  const exif = findChunk(view, bytes, 'EXIF');
  if (exif === undefined) return undefined;
  const hasPrefix = latin1(bytes.subarray(exif, exif + EXIF_PREFIX.length)) === EXIF_PREFIX;
  const tiff = exif + (hasPrefix ? EXIF_PREFIX.length : 0);
  const isLittle = latin1(bytes.subarray(tiff, tiff + 2)) === 'II';
  const directory = tiff + view.getUint32(tiff + 4, isLittle);
  const count = view.getUint16(directory, isLittle);
  for (let index = 0; index < count; index += 1) {
    const entry = directory + 2 + index * 12;
    if (view.getUint16(entry, isLittle) !== ORIENTATION) continue;
    return { at: entry + 8, orientation: view.getUint16(entry + 8, isLittle), isLittle };
  }
  return undefined;
}

/** Where the content of a chunk begins (RIFF: a name, a size, the content, padded to an even size). */
function findChunk(view: DataView, bytes: Uint8Array, name: string): number | undefined {
  for (let at = 12; at + 8 <= bytes.length;) {
    if (latin1(bytes.subarray(at, at + 4)) === name) return at + 8;
    const size = view.getUint32(at + 4, true);
    at += 8 + size + (size % 2);
  }
  return undefined;
}
