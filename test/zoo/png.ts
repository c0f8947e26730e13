import { deflateSync } from 'node:zlib';

/** Samples of a pixel by PNG's colour type. */
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/** A PNG to write. */
export interface PngImage {
  readonly width: number;
  readonly height: number;
  /** 1, 2, 4, 8 or 16. */
  readonly bitDepth: number;
  /** 0: grey; 2: colours; 3: palette; 4: grey and alpha; 6: colours and alpha. */
  readonly colourType: keyof typeof CHANNELS;
  /** The samples of a pixel, 0 … 2^bitDepth − 1. */
  readonly samples: (x: number, y: number) => readonly number[];
  /** Whether it is interlaced by Adam7. */
  readonly isInterlaced?: boolean;
  /** Chunks before the pixels. */
  readonly chunks?: readonly (readonly [name: string, content: Uint8Array])[] | undefined;
}

/** The seven passes of Adam7: first column and row, and the steps between them. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Writes a PNG of any kind that there is (Portable Network Graphics, third edition). */
export function png(image: PngImage): Buffer {
  const { width, height, isInterlaced = false } = image;
  const passes = isInterlaced ? ADAM7 : ([[0, 0, 1, 1]] as const);
  const rows: Buffer[] = [];
  for (const [left, top, stepX, stepY] of passes) {
    for (let y = top; y < height && left < width; y += stepY) rows.push(row(image, left, stepX, y));
  }
  return pngFile(width, height, image, Buffer.concat(rows));
}

/** A PNG with any filtered rows, also of a size that does not fit to them. */
export function pngFile(
  width: number,
  height: number,
  image: Pick<PngImage, 'bitDepth' | 'colourType' | 'isInterlaced' | 'chunks'>,
  rows: Uint8Array,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([image.bitDepth, image.colourType, 0, 0, image.isInterlaced ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(image.chunks ?? []).map(([name, content]) => chunk(name, content)),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function row({ width, bitDepth, colourType, samples }: PngImage, left: number, step: number, y: number): Buffer {
  const bits: number[] = [];
  for (let x = left; x < width; x += step) {
    for (const sample of samples(x, y).slice(0, CHANNELS[colourType])) {
      for (let bit = bitDepth - 1; bit >= 0; bit -= 1) bits.push((sample >> bit) & 1);
    }
  }
  const bytes = Buffer.alloc(1 + Math.ceil(bits.length / 8)); // the first byte: no filter
  for (const [at, bit] of bits.entries()) bytes[1 + (at >> 3)]! |= bit << (7 - (at & 7));
  return bytes;
}

function chunk(name: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  return Buffer.concat([bigEndian(content.length), body, bigEndian(crc32(body))]);
}

/** Whole numbers of 32 bits, the highest byte first. */
export function bigEndian(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
