import type { ResampleFilter } from '../core/image-spec.js';

/** A resampling filter: a symmetric weight function and how far it reaches. */
export interface FilterKernel {
  /** The weight is 0 farther than this from the centre; in output pixels when shrinking, else in source pixels. */
  readonly support: number;
  /** The weight at signed distance `x` from the centre, before the weights of one pixel are scaled to sum to 1. */
  readonly weight: (x: number) => number;
  /**
   * Where the weight is a polynomial between each two whole distances, from −support up to support: these polynomials.
   * Their degree is one less than their number.
   */
  readonly pieces?: readonly ((x: number) => number)[];
}

/** The free parameter of cubic convolution; −0.5 reproduces quadratics exactly (Keys 1981, doi:10.1109/TASSP.1981.1163711). */
const CUBIC_A = -0.5;

function boxWeight(x: number): number {
  return x > -0.5 && x <= 0.5 ? 1 : 0;
}

function triangleWeight(x: number): number {
  return Math.max(0, 1 - Math.abs(x));
}

/** Cubic convolution up to distance 1. */
function innerCubic(d: number): number {
  return ((CUBIC_A + 2) * d - (CUBIC_A + 3)) * d * d + 1;
}

/** Cubic convolution from distance 1 to 2. */
function outerCubic(d: number): number {
  return (((d - 5) * d + 8) * d - 4) * CUBIC_A;
}

function cubicWeight(x: number): number {
  const d = Math.abs(x);
  if (d < 1) return innerCubic(d);
  return d < 2 ? outerCubic(d) : 0;
}

/** sin(πx) / πx */
function sinc(x: number): number {
  if (x === 0) return 1;
  const angle = Math.PI * x;
  return Math.sin(angle) / angle;
}

function hammingWeight(x: number): number {
  const d = Math.abs(x);
  return d < 1 ? sinc(d) * (0.54 + 0.46 * Math.cos(Math.PI * d)) : 0;
}

function lanczosWeight(x: number): number {
  return Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
}

/** The antialiased filters, with the supports and parameters that Pillow's `Image.resize` uses. */
export const FILTER_KERNELS: Readonly<Record<Exclude<ResampleFilter, 'nearest'>, FilterKernel>> = {
  box: { support: 0.5, weight: boxWeight },
  bilinear: { support: 1, weight: triangleWeight, pieces: [(x) => 1 + x, (x) => 1 - x] },
  hamming: { support: 1, weight: hammingWeight },
  bicubic: {
    support: 2,
    weight: cubicWeight,
    pieces: [(x) => outerCubic(-x), (x) => innerCubic(-x), innerCubic, outerCubic],
  },
  lanczos: { support: 3, weight: lanczosWeight },
};
