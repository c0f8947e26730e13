import { placement, type Axis } from './axis.js';
import type { FilterKernel } from './filters.js';

/** Fraction bits of a fixed-point weight: a sum of 8-bit values needs 8 bits above them, and 2 are left for overshoot. */
export const WEIGHT_BITS = 32 - 8 - 2;

/** One half in fixed point; sums begin with it, so that the shift at the end rounds. */
export const HALF = 2 ** (WEIGHT_BITS - 1);

/** The weight 1. */
const ONE = 2 ** WEIGHT_BITS;

/** For each wanted output pixel of an axis: which source pixels it is made of, and how much of each. */
export interface WeightTable {
  /** The first source pixel of each output pixel. `[windowSize]` */
  readonly starts: Int32Array;
  /** The number of source pixels of each output pixel. `[windowSize]` */
  readonly counts: Int32Array;
  /** Distance between the weights of one output pixel and of the next. */
  readonly stride: number;
  /** Weights with `WEIGHT_BITS` fraction bits; those of one output pixel sum to about 1. `[windowSize, stride]` */
  readonly weights: Int32Array;
}

/**
 * Computes the weights of one axis.
 *
 * When the axis shrinks, the filter is stretched by the ratio, which is what makes the result free of aliasing; when it
 * grows, the filter keeps its size in source pixels. Weights are scaled to sum to 1, then rounded to fixed point, half
 * away from zero. That order, and the truncations below, are what makes the result equal Pillow's bit by bit.
 */
export function weightTable(axis: Axis, kernel: FilterKernel): WeightTable {
  const { origin, scale } = placement(axis);
  const stretch = Math.max(scale, 1);
  const support = kernel.support * stretch;
  const stride = Math.ceil(support) * 2 + 1;
  const table: WeightTable = {
    starts: new Int32Array(axis.windowSize),
    counts: new Int32Array(axis.windowSize),
    stride,
    weights: new Int32Array(axis.windowSize * stride),
  };
  const exact = new Float64Array(stride);
  const inverseStretch = 1 / stretch;
  for (let i = 0; i < axis.windowSize; i++) {
    const centre = origin + (axis.windowStart + i + 0.5) * scale;
    const first = Math.max(Math.trunc(centre - support + 0.5), 0);
    const last = Math.min(Math.trunc(centre + support + 0.5), axis.inputSize); // exclusive
    let sum = 0;
    for (let x = first; x < last; x++) {
      const weight = kernel.weight((x - centre + 0.5) * inverseStretch);
      exact[x - first] = weight;
      sum += weight;
    }
    table.starts[i] = first;
    table.counts[i] = last - first;
    for (let k = 0; k < last - first; k++) table.weights[i * stride + k] = toFixedPoint(exact[k]! / (sum || 1));
  }
  return table;
}

/** Rounds half away from zero. */
function toFixedPoint(weight: number): number {
  return Math.trunc(weight * ONE + (weight < 0 ? -0.5 : 0.5));
}
