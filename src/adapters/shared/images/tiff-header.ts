/** What the samples of a TIFF's first image are (TIFF 6.0, BigTIFF). */
export interface TiffHeader {
  /** 0 and 1: grey; 2: red, green, blue; 3: palette; 5: inks; 6: YCbCr; 8: Lab. */
  readonly photometric: number;
  /** Bits of the widest sample. */
  readonly bits: number;
  /** 1: unsigned integers; 2: signed ones; 3: floats; others have no meaning here. */
  readonly sampleFormat: number;
  readonly samplesPerPixel: number;
  /** What each sample beyond the colours is: 0: unspecified; 1: premultiplied alpha; 2: straight alpha. */
  readonly extraSamples: readonly number[];
  /** Whether it is a camera's raw photo, or only the small preview of one. */
  readonly isRawPhoto: boolean;
  /** Bytes that the file must have for its first image. */
  readonly end: number;
}

const TAG = {
  bitsPerSample: 258,
  photometric: 262,
  stripOffsets: 273,
  samplesPerPixel: 277,
  stripByteCounts: 279,
  tileOffsets: 324,
  tileByteCounts: 325,
  subDirectories: 330,
  extraSamples: 338,
  sampleFormat: 339,
  dngVersion: 50706,
} as const;

const TAGS: ReadonlySet<number> = new Set(Object.values(TAG));

/** Photometric interpretations of a sensor's own values: its colour filter array, and linear raw. */
const SENSOR = [32803, 34892];
/** Bytes of a value of each type of field; others are not read. */
const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };
/** Values of a field that are looked at. More than a million strips are no image. */
const MAX_VALUES = 2 ** 20;
const MAX_FIELDS = 1000;

/** Reads the header of a TIFF's first image; undefined if the file ends before it, or is damaged. */
export function tiffHeader(bytes: Uint8Array): TiffHeader | undefined {
  try {
    const reader = new TiffReader(bytes);
    const fields = reader.directory(reader.firstDirectory);
    const numbers = (tag: number): readonly number[] => fields.get(tag) ?? [];
    const first = (tag: number, other: number): number => numbers(tag)[0] ?? other;
    const photometric = first(TAG.photometric, -1);
    return {
      photometric,
      bits: Math.max(...numbers(TAG.bitsPerSample).slice(0, 16), 1),
      sampleFormat: Math.max(...numbers(TAG.sampleFormat).slice(0, 16), 1),
      samplesPerPixel: first(TAG.samplesPerPixel, 1),
      extraSamples: numbers(TAG.extraSamples),
      isRawPhoto:
        fields.has(TAG.dngVersion) || SENSOR.includes(photometric) || isCanonRaw(bytes) || hasSensor(reader, fields),
      end: Math.max(
        endOf(numbers(TAG.stripOffsets), numbers(TAG.stripByteCounts)),
        endOf(numbers(TAG.tileOffsets), numbers(TAG.tileByteCounts)),
      ),
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Bytes that a TIFF must have for its first image; infinite if it ends before its header does. */
export function tiffEnd(bytes: Uint8Array): number {
  return tiffHeader(bytes)?.end ?? Infinity;
}

function endOf(offsets: readonly number[], counts: readonly number[]): number {
  let end = 0;
  for (const [index, offset] of offsets.entries()) end = Math.max(end, offset + (counts[index] ?? 0));
  return end;
}

/** Canon's CR2 says so behind the header. */
function isCanonRaw(bytes: Uint8Array): boolean {
  return bytes[8] === 0x43 && bytes[9] === 0x52 && bytes[10] === 2;
}

/** Most cameras keep the sensor's values in a directory below that of the preview. */
function hasSensor(reader: TiffReader, fields: ReadonlyMap<number, readonly number[]>): boolean {
  const below = (fields.get(TAG.subDirectories) ?? []).slice(0, 8);
  return below.some((at) => {
    try {
      return SENSOR.includes(reader.directory(at).get(TAG.photometric)?.[0] ?? -1);
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  });
}

/** Reads directories; ends with a RangeError if the file does. */
class TiffReader {
  readonly #view: DataView;
  readonly #isLittle: boolean;
  readonly #isBig: boolean;
  readonly firstDirectory: number;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#isLittle = bytes[0] === 0x49;
    this.#isBig = this.#unsigned(2, 2) === 43;
    this.firstDirectory = this.#isBig ? this.#unsigned(8, 8) : this.#unsigned(4, 4);
  }

  /** The numbers of each field that is asked for here, by its tag. */
  directory(at: number): Map<number, readonly number[]> {
    const [countBytes, fieldBytes, wordBytes] = this.#isBig ? [8, 20, 8] : [2, 12, 4];
    const count = Math.min(this.#unsigned(at, countBytes), MAX_FIELDS);
    const fields = new Map<number, readonly number[]>();
    for (let index = 0; index < count; index += 1) {
      const field = at + countBytes + index * fieldBytes;
      const tag = this.#unsigned(field, 2);
      const size = TYPE_BYTES[this.#unsigned(field + 2, 2)];
      const length = this.#unsigned(field + 4, wordBytes);
      if (!TAGS.has(tag) || fields.has(tag) || size === undefined || length > MAX_VALUES) continue;
      const place = field + 4 + wordBytes;
      const start = size * length <= wordBytes ? place : this.#unsigned(place, wordBytes);
      fields.set(tag, this.#values(start, size, length));
    }
    return fields;
  }

  #values(start: number, size: number, length: number): number[] {
    const values: number[] = [];
    for (let index = 0; index < length; index += 1) values.push(this.#unsigned(start + index * size, size));
    return values;
  }

  #unsigned(at: number, size: number): number {
    switch (size) {
      case 1:
        return this.#view.getUint8(at);
      case 2:
        return this.#view.getUint16(at, this.#isLittle);
      case 4:
        return this.#view.getUint32(at, this.#isLittle);
      default:
        return Number(this.#view.getBigUint64(at, this.#isLittle));
    }
  }
}
