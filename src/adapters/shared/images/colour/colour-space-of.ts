import { SRGB_CHROMATICITIES, spaceOfCodePoints, type Chromaticities, type ColourSpace } from './colour-space.js';
import { colourBoxes } from './heif-colours.js';

/**
 * The colour space that a file tells by other means than an ICC profile: a PNG by its chunks cICP, or gAMA and cHRM together (of one
 * alone browsers take no notice either), an AVIF by its box `colr` of the kind `nclx`.
 *
 * @returns undefined for sRGB, and if only an ICC profile, or nothing, describes colours
 */
export function colourSpaceOf(bytes: Uint8Array, format: 'PNG' | 'AVIF'): ColourSpace | undefined {
  try {
    return format === 'PNG' ? spaceOfPng(bytes) : spaceOfAvif(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // It ends in the middle of something: the decoder has the last word.
    throw error;
  }
}

/** The precedence of chunks: Portable Network Graphics, third edition, section 4.3. */
function spaceOfPng(bytes: Uint8Array): ColourSpace | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = pngChunks(view);
  const cicp = chunks.get('cICP');
  if (cicp !== undefined) return spaceOfCodePoints(view.getUint8(cicp), view.getUint8(cicp + 1), false);
  if (chunks.has('iCCP') || chunks.has('sRGB')) return undefined;
  const gama = chunks.get('gAMA');
  const chrm = chunks.get('cHRM');
  if (gama === undefined || chrm === undefined) return undefined;
  const exponent = 100_000 / view.getUint32(gama);
  const pairs = [0, 1, 2, 3].map((pair) => [0, 4].map((part) => view.getUint32(chrm + pair * 8 + part) / 100_000));
  const chromaticities = pairs as unknown as Chromaticities;
  if (!isSound(chromaticities) || !(exponent > 0.1 && exponent < 10)) return undefined;
  return { chromaticities: nearestNamed(chromaticities), toLinear: (level) => level ** exponent };
}

/** Where the content of each chunk before the pixels begins. */
function pngChunks(view: DataView): Map<string, number> {
  const chunks = new Map<string, number>();
  for (let at = 8; at + 12 <= view.byteLength;) {
    const name = [4, 5, 6, 7].map((offset) => String.fromCharCode(view.getUint8(at + offset))).join('');
    if (name === 'IDAT' || name === 'IEND') break;
    if (!chunks.has(name)) chunks.set(name, at + 8);
    at += view.getUint32(at) + 12;
  }
  return chunks;
}

/** Whether white lies among the primaries, and these span a triangle. */
function isSound([white, red, green, blue]: Chromaticities): boolean {
  const area = (a: readonly number[], b: readonly number[], c: readonly number[]): number =>
    (b[0]! - a[0]!) * (c[1]! - a[1]!) - (c[0]! - a[0]!) * (b[1]! - a[1]!);
  const whole = area(red, green, blue);
  const parts = [area(white, red, green), area(white, green, blue), area(white, blue, red)];
  return Math.abs(whole) > 0.01 && parts.every((part) => part / whole > 0.01) && white[1] > 0.01;
}

function nearestNamed(chromaticities: Chromaticities): Chromaticities {
  const given = chromaticities.flat();
  const isSrgb = SRGB_CHROMATICITIES.flat().every((value, index) => Math.abs(value - given[index]!) < 0.001);
  return isSrgb ? SRGB_CHROMATICITIES : chromaticities;
}

function spaceOfAvif(bytes: Uint8Array): ColourSpace | undefined {
  const { nclx, icc } = colourBoxes(bytes);
  if (icc !== undefined || nclx === undefined) return undefined;
  return spaceOfCodePoints(...nclx, true);
}

/**
 * A file with its own words about colour replaced by sRGB, so that a browser gives its levels as they are.
 *
 * @param bytes of a PNG or AVIF that {@link colourSpaceOf} knows a colour space of
 * @returns a copy
 */
export function withoutColourSpace(bytes: Uint8Array, format: 'PNG' | 'AVIF'): Uint8Array {
  const copy = new Uint8Array(bytes);
  const view = new DataView(copy.buffer);
  if (format === 'AVIF') {
    const { nclxAt } = colourBoxes(copy);
    if (nclxAt === undefined) return copy;
    view.setUint16(nclxAt, SRGB_CODE_POINTS[0]);
    view.setUint16(nclxAt + 2, SRGB_CODE_POINTS[1]);
    return copy;
  }
  // A chunk whose name and checksum do not fit is an error: it becomes one of a private kind, which decoders pass over.
  for (const name of ['cICP', 'iCCP', 'gAMA', 'cHRM']) {
    const content = pngChunks(view).get(name);
    if (content === undefined) continue;
    copy.set([0x70, 0x72, 0x56, 0x74], content - 4); // prVt
    const length = view.getUint32(content - 8);
    view.setUint32(content + length, crc32(copy.subarray(content - 4, content + length)));
  }
  return copy;
}

const SRGB_CODE_POINTS = [1, 13] as const;

/** The checksum of a PNG's chunk (ISO 3309). */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0);
  }
  return ~crc >>> 0;
}
