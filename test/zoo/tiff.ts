/** A TIFF to write, without compression, in one strip. */
export interface TiffImage {
  readonly width: number;
  readonly height: number;
  /** The samples, pixel by pixel, little-endian. */
  readonly data: Uint8Array;
  readonly bits: number;
  readonly samplesPerPixel: number;
  /** 0 and 1: grey; 2: colours; 5: inks. */
  readonly photometric: number;
  /** 1: unsigned; 2: signed; 3: floats. */
  readonly sampleFormat?: number;
  readonly extraSamples?: readonly number[];
  /** Further fields of short numbers: a tag and its values. */
  readonly fields?: readonly (readonly [tag: number, values: readonly number[]])[];
}

const SHORT = 3;
const LONG = 4;

/** Writes a TIFF of any samples (TIFF 6.0). */
export function tiff(image: TiffImage): Buffer {
  const { width, height, data, bits, samplesPerPixel, photometric, sampleFormat, extraSamples, fields = [] } = image;
  const each = <T>(value: T): T[] => Array.from({ length: samplesPerPixel }, () => value);
  const entries: (readonly [tag: number, type: number, values: readonly number[]])[] = [
    [256, SHORT, [width]],
    [257, SHORT, [height]],
    [258, SHORT, each(bits)],
    [259, SHORT, [1]],
    [262, SHORT, [photometric]],
    [273, LONG, [0]],
    [277, SHORT, [samplesPerPixel]],
    [278, SHORT, [height]],
    [279, LONG, [data.length]],
  ];
  if (extraSamples) entries.push([338, SHORT, extraSamples]);
  if (sampleFormat) entries.push([339, SHORT, each(sampleFormat)]);
  for (const [tag, values] of fields) entries.push([tag, SHORT, values]);
  entries.sort(([a], [b]) => a - b);
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  const values: Buffer[] = [];
  let end = 8 + directory.length;
  let stripAt = 0;
  directory.writeUInt16LE(entries.length, 0);
  for (const [index, [tag, type, numbers]] of entries.entries()) {
    const at = 2 + index * 12;
    const bytes = Buffer.alloc(numbers.length * (type === SHORT ? 2 : 4));
    for (const [place, value] of numbers.entries()) {
      if (type === SHORT) bytes.writeUInt16LE(value, place * 2);
      else bytes.writeUInt32LE(value, place * 4);
    }
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(numbers.length, at + 4);
    if (tag === 273) stripAt = at + 8;
    if (bytes.length <= 4) {
      bytes.copy(directory, at + 8);
      continue;
    }
    directory.writeUInt32LE(end, at + 8);
    values.push(bytes);
    end += bytes.length;
  }
  directory.writeUInt32LE(end, stripAt);
  return Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), directory, ...values, data]);
}

/** Floats as bytes. */
export function floats(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}
