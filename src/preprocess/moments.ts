import { placement, type Axis } from './axis.js';
import type { FilterKernel } from './filters.js';
import type { WeightTable } from './weights.js';

/*
 * A shortcut for strong bicubic shrinking. In a cell, from the centre of one output pixel to that of the next, the
 * weight that a source pixel v has in any output pixel is a cubic polynomial of its distance u from the cell's end. So
 * the cell's moments Σ v, Σ u v, Σ u(u+1)/2 v, Σ u(u+1)(u+2)/6 v hold all that the four output pixels around it need.
 * They are running sums, and running sums of those: each source pixel is read once, not four times, and only added.
 *
 * What comes out differs from the sum with the table's rounded weights by less than a bound that is known for each
 * output pixel. Where a rounding border lies within that bound (in well under 1 % of the pixels of noise), the sum is
 * formed with the table. The result is therefore the same in every bit.
 */

/** Under this ratio of source to output pixels the plain sums are as fast. */
const MIN_SCALE = 6;

/** Over this ratio the third moment could leave the range of 32 bits. */
const MAX_SCALE = 100;

/** Cells that an output pixel is made of. */
export const PIECES = 4;

/** Moments of a cell, in each channel. */
export const MOMENTS = 4;

/** How to compute one axis of a resize from moments. Output pixel `i` is made of cells `i` to `i + 3`. */
export interface MomentPlan {
  /** The weights of which these are the polynomials. */
  readonly table: WeightTable;
  /** The source pixel with which each cell begins; the last entry is the end of the last cell. `[cells + 1]` */
  readonly bounds: Int32Array;
  /**
   * What each moment of a cell counts in the output pixels that the cell is part of: in the one of which it is the last
   * cell first. `[cells, PIECES, MOMENTS]`
   */
  readonly coefficients: Float64Array;
  /** How far a sum from moments can be from the sum with the table. `[windowSize]` */
  readonly tolerances: Float64Array;
  /** Room for the moments of one row. `[cells, 3, MOMENTS]` */
  readonly sums: Float64Array;
}

/** Plans an axis, or returns `undefined` where the filter is not cubic or the axis shrinks too little or too much. */
export function momentPlan(axis: Axis, kernel: FilterKernel, table: WeightTable): MomentPlan | undefined {
  const { origin, scale } = placement(axis);
  if (kernel.cubicPieces === undefined || scale < MIN_SCALE || scale > MAX_SCALE) return undefined;
  const cells = axis.windowSize + PIECES - 1;
  const bounds = Int32Array.from({ length: cells + 1 }, (_, cell) => {
    const position = origin + (axis.windowStart + cell - kernel.support + 0.5) * scale;
    return Math.min(Math.max(Math.ceil(position - 0.5), 0), axis.inputSize);
  });
  const coefficients = new Float64Array(cells * PIECES * MOMENTS);
  const tolerances = new Float64Array(axis.windowSize);
  for (let i = 0; i < axis.windowSize; i++) {
    const centre = origin + (axis.windowStart + i + 0.5) * scale;
    const pieces = kernel.cubicPieces.map((weight, piece) => {
      const end = bounds[i + piece + 1]!;
      return momentCoefficients((u) => weight((end - u + 0.5 - centre) / scale));
    });
    const fit = compareWithTable(pieces, bounds.subarray(i, i + PIECES + 1), table, i);
    tolerances[i] = fit.tolerance;
    pieces.forEach((piece, index) => {
      const slot = (i + index) * PIECES + PIECES - 1 - index;
      coefficients.set(
        piece.map((coefficient) => coefficient * fit.factor),
        slot * MOMENTS,
      );
    });
  }
  return { table, bounds, coefficients, tolerances, sums: new Float64Array(cells * 3 * MOMENTS) };
}

type Coefficients = readonly [number, number, number, number];

/**
 * The a₀ … a₃ with which a polynomial is a₀ + a₁ u + a₂ u(u+1)/2 + a₃ u(u+1)(u+2)/6: its backward differences at 0
 * (Newton's backward formula).
 */
function momentCoefficients(polynomial: (u: number) => number): Coefficients {
  const [f0, f1, f2, f3] = [polynomial(0), polynomial(-1), polynomial(-2), polynomial(-3)];
  return [f0, f0 - f1, f0 - 2 * f1 + f2, f0 - 3 * f1 + 3 * f2 - f3];
}

/** The weight that moments give to the source pixel at distance `u` from the end of its cell. */
function weightFromMoments([a0, a1, a2, a3]: Coefficients, u: number): number {
  return a0 + u * a1 + ((u * (u + 1)) / 2) * a2 + ((u * (u + 1) * (u + 2)) / 6) * a3;
}

/**
 * Compares the weights of output pixel `i` with those of the table.
 *
 * @param bounds - of the cells of this output pixel, `[PIECES + 1]`
 * @returns `factor`, which brings the coefficients to the table's scale, and `tolerance`, the most by which the sums can
 *   then differ, for bytes of 0 … 255
 */
function compareWithTable(
  pieces: readonly Coefficients[],
  bounds: Int32Array,
  table: WeightTable,
  i: number,
): { factor: number; tolerance: number } {
  const start = table.starts[i]!;
  const count = table.counts[i]!;
  const first = Math.min(start, bounds[0]!);
  const last = Math.max(start + count, bounds[PIECES]!);
  const expected = new Float64Array(last - first);
  expected.set(table.weights.subarray(i * table.stride, i * table.stride + count), start - first);
  const found = new Float64Array(last - first);
  pieces.forEach((piece, index) => {
    const end = bounds[index + 1]!;
    for (let x = bounds[index]!; x < end; x++) found[x - first] = weightFromMoments(piece, end - x);
  });
  const factor = sum(expected) / sum(found);
  const difference = sum(found.map((weight, x) => Math.abs(weight * factor - expected[x]!)));
  return { factor, tolerance: 255 * difference + 1 }; // the 1 is far more than float64 loses
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
