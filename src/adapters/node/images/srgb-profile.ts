/**
 * Whether an ICC colour profile is that of sRGB, whatever its name, so that converting to sRGB would change nothing.
 *
 * Told by what the profile does: the colorants of its matrix and the tone curves, each within a hair of sRGB's. Anything
 * else in it (a lookup table, an unknown kind of curve) makes the answer no, which costs time but is never wrong.
 */
export function isSrgbProfile(icc: Uint8Array): boolean {
  const view = new DataView(icc.buffer, icc.byteOffset, icc.byteLength);
  try {
    const tags = readTags(view);
    if (tags.has('A2B0') || ascii(view, 16) !== 'RGB ' || ascii(view, 20) !== 'XYZ ') return false;
    return CHANNELS.every(([channel, colorant]) => {
      const xyz = tags.get(`${channel}XYZ`);
      const curve = tags.get(`${channel}TRC`);
      return xyz !== undefined && curve !== undefined && hasColorant(view, xyz, colorant) && hasSrgbCurve(view, curve);
    });
  } catch (error) {
    if (error instanceof RangeError) return false; // The profile ends in the middle of something.
    throw error;
  }
}

type Triple = readonly [number, number, number];

/** sRGB's primaries as X, Y, Z under illuminant D50 (IEC 61966-2-1, adapted by Bradford's method). */
const CHANNELS: readonly (readonly [string, Triple])[] = [
  ['r', [0.436, 0.2225, 0.0139]],
  ['g', [0.3851, 0.7169, 0.0971]],
  ['b', [0.1431, 0.0606, 0.7139]],
];
const COLORANT_TOLERANCE = 0.001;
const CURVE_TOLERANCE = 0.001;
const CURVE_SAMPLES = 64;

/** Offset of each tag by its signature. */
function readTags(view: DataView): Map<string, number> {
  const tags = new Map<string, number>();
  const count = Math.min(view.getUint32(128), 100);
  for (let index = 0; index < count; index += 1) {
    const at = 132 + index * 12;
    tags.set(ascii(view, at), view.getUint32(at + 4));
  }
  return tags;
}

function hasColorant(view: DataView, at: number, expected: Triple): boolean {
  return expected.every((value, axis) => Math.abs(fixed(view, at + 8 + axis * 4) - value) <= COLORANT_TOLERANCE);
}

function hasSrgbCurve(view: DataView, at: number): boolean {
  const curve = ascii(view, at) === 'curv' ? sampledCurve(view, at) : parametricCurve(view, at);
  if (curve === undefined) return false;
  for (let index = 0; index <= CURVE_SAMPLES; index += 1) {
    const value = index / CURVE_SAMPLES;
    if (Math.abs(curve(value) - srgbToLinear(value)) > CURVE_TOLERANCE) return false;
  }
  return true;
}

function srgbToLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

type Curve = (value: number) => number;

/** A table of at least two 16-bit values, linear between them. A single gamma is never sRGB's curve. */
function sampledCurve(view: DataView, at: number): Curve | undefined {
  const count = view.getUint32(at + 8);
  if (count < 2) return undefined;
  const entry = (index: number): number => view.getUint16(at + 12 + index * 2) / 65535;
  return (value) => {
    const position = value * (count - 1);
    const below = Math.min(Math.floor(position), count - 2);
    return entry(below) + (entry(below + 1) - entry(below)) * (position - below);
  };
}

/** `(a·x + b)^g` from d on, `c·x` below: function type 3 of a `para` tag, the only one that sRGB profiles use. */
function parametricCurve(view: DataView, at: number): Curve | undefined {
  if (ascii(view, at) !== 'para' || view.getUint16(at + 8) !== 3) return undefined;
  const [g, a, b, c, d] = [0, 1, 2, 3, 4].map((index) => fixed(view, at + 12 + index * 4)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return (value) => (value >= d ? (a * value + b) ** g : c * value);
}

/** A signed 15.16 fixed-point number. */
function fixed(view: DataView, at: number): number {
  return view.getInt32(at) / 65536;
}

function ascii(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}
