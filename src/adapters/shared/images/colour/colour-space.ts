/** Chromaticities (CIE x and y): of white, red, green and blue. */
export type Chromaticities = readonly [
  white: readonly [number, number],
  red: readonly [number, number],
  green: readonly [number, number],
  blue: readonly [number, number],
];

/** What the levels of red, green and blue mean. */
export interface ColourSpace {
  readonly chromaticities: Chromaticities;
  /** Light of a level, both 0 … 1; 1 is the white of a page. */
  readonly toLinear: (level: number) => number;
  /** Whether levels go beyond the white of a page, so that they have been brought down to it by a tone curve. */
  readonly isHighDynamicRange?: boolean;
}

const D65 = [0.3127, 0.329] as const;

/** Primaries by the code points of ITU-T H.273, table 2; unspecified ones are those of sRGB. */
const CHROMATICITIES: Readonly<Record<number, Chromaticities>> = {
  1: [D65, [0.64, 0.33], [0.3, 0.6], [0.15, 0.06]], // BT.709, sRGB
  4: [
    [0.31, 0.316],
    [0.67, 0.33],
    [0.21, 0.71],
    [0.14, 0.08],
  ], // BT.470 M
  5: [D65, [0.64, 0.33], [0.29, 0.6], [0.15, 0.06]], // BT.601, 625 lines
  6: [D65, [0.63, 0.34], [0.31, 0.595], [0.155, 0.07]], // BT.601, 525 lines
  7: [D65, [0.63, 0.34], [0.31, 0.595], [0.155, 0.07]], // SMPTE 240M
  8: [
    [0.31, 0.316],
    [0.681, 0.319],
    [0.243, 0.692],
    [0.145, 0.049],
  ], // generic film
  9: [D65, [0.708, 0.292], [0.17, 0.797], [0.131, 0.046]], // BT.2020, BT.2100
  11: [
    [0.314, 0.351],
    [0.68, 0.32],
    [0.265, 0.69],
    [0.15, 0.06],
  ], // DCI-P3
  12: [D65, [0.68, 0.32], [0.265, 0.69], [0.15, 0.06]], // Display P3
};

/** sRGB's. */
export const SRGB_CHROMATICITIES: Chromaticities = CHROMATICITIES[1]!;

type Transfer = (level: number) => number;

/** Transfer functions by the code points of ITU-T H.273, table 3; those of dark standards are left out. */
const TRANSFERS: Readonly<Record<number, Transfer>> = {
  1: bt1886,
  4: (level) => level ** 2.2,
  5: (level) => level ** 2.8,
  6: bt1886,
  8: (level) => level,
  13: srgbToLinear,
  14: bt1886,
  15: bt1886,
  16: (level) => toneMapped(pqToNits(level)),
  17: (level) => (level ** 2.6 * 52.37) / 48,
  18: (level) => toneMapped(hlgToNits(level)),
};

/** Perceptual quantizer and hybrid log-gamma. */
const HIGH_DYNAMIC_RANGE = [16, 18];
/** Transfer functions of video cameras. */
const CAMERA_CURVES = [1, 6, 14, 15];

/**
 * The colour space of two code points of ITU-T H.273 (PNG's cICP, AVIF's nclx); undefined for sRGB, and for code points without a
 * meaning, which are taken for it.
 *
 * @param isVideo whether the curves of video cameras stand for sRGB's, as browsers have it in AVIF
 */
export function spaceOfCodePoints(primaries: number, transfer: number, isVideo: boolean): ColourSpace | undefined {
  const curve = isVideo && CAMERA_CURVES.includes(transfer) ? srgbToLinear : (TRANSFERS[transfer] ?? srgbToLinear);
  const chromaticities = CHROMATICITIES[primaries] ?? SRGB_CHROMATICITIES;
  if (curve === srgbToLinear && chromaticities === SRGB_CHROMATICITIES) return undefined;
  return { chromaticities, toLinear: curve, isHighDynamicRange: HIGH_DYNAMIC_RANGE.includes(transfer) };
}

/** IEC 61966-2-1. */
function srgbToLinear(level: number): number {
  return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
}

/** The inverse of sRGB's transfer function, 0 … 1. */
export function linearToSrgb(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}

/** BT.1886: how displays show what has the curve of a video camera (BT.709 and its kin). */
function bt1886(level: number): number {
  return level ** 2.4;
}

/** SMPTE ST 2084: luminance in cd/m². */
function pqToNits(level: number): number {
  const power = level ** (1 / 78.84375);
  return 10_000 * (Math.max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125);
}

/** BT.2100's hybrid log-gamma on a display of 1000 cd/m², each channel by itself. */
function hlgToNits(level: number): number {
  const scene = level <= 0.5 ? level ** 2 / 3 : (Math.exp((level - 0.55991073) / 0.17883277) + 0.28466892) / 12;
  return 1000 * scene ** 1.2;
}

/** Luminance of a page's white among highlights, and of the brightest highlight that stays apart, in cd/m² (BT.2408). */
const WHITE_NITS = 203;
const PEAK_NITS = 1000;

/** Reinhard's extended curve (2002, equation 4): `x (1 + x / peak²) / (1 + x)`, so that `peak` becomes 1. */
function toneMapped(nits: number): number {
  const light = nits / WHITE_NITS;
  const peak = PEAK_NITS / WHITE_NITS;
  return Math.min(1, (light * (1 + light / peak ** 2)) / (1 + light));
}
