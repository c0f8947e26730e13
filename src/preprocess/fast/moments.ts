import { placement, type Axis } from '../axis.js';
import type { FilterKernel } from '../filters.js';
import { WEIGHT_BITS, type WeightTable } from '../weights.js';

/*
 * A shortcut for strong shrinking with a filter made of polynomials. In a cell, from the centre of one output pixel to
 * that of the next, the weight that a source pixel v has in any output pixel is a polynomial of its distance u from the
 * cell's end. So the cell's moments Σ v and Σ u v, and for a cubic filter Σ u(u+1)/2 v and Σ u(u+1)(u+2)/6 v too, hold
 * all that the two (four) output pixels around it need. They are running sums, and running sums of those: each source
 * pixel is read once, not two (four) times, and only added.
 *
 * What comes out differs from the sum with the table's rounded weights by less than a bound that is known for each
 * output pixel. Where a rounding border lies within that bound (in well under 1 % of the pixels of noise), the sum is
 * formed with the table. The result is therefore the same in every bit.
 */

/** Under this ratio of source to output pixels the plain sums are as fast. */
const MIN_SCALE = 6;

/** Over this ratio the third moment could leave the range of 32 bits. */
const MAX_SCALE = 100;

/** How to compute one axis of a resize from moments. Output pixel `i` is made of cells `i` to `i + order − 1`. */
export interface MomentPlan {
  /** Cells that an output pixel is made of, which is also the number of moments of a cell: 2 (linear) or 4 (cubic). */
  readonly order: number;
  /** The weights of which these are the polynomials. */
  readonly table: WeightTable;
  /** The source pixel with which each cell begins; the last entry is the end of the last cell. `[cells + 1]` */
  readonly bounds: Int32Array;
  /**
   * What each moment of a cell counts in the output pixels that the cell is part of: in the one of which it is the last
   * cell first. `[cells, order, order]`
   */
  readonly coefficients: Float64Array;
  /** How far a sum from moments, without its fraction, can be from the sum with the table. `[windowSize]` */
  readonly tolerances: Int32Array;
  /** Room for the moments of one row. `[cells, 3, order]` */
  readonly sums: Float64Array;
}

/** Plans an axis, or returns `undefined` if the filter has no pieces or the axis shrinks too little or too much. */
export function momentPlan(axis: Axis, kernel: FilterKernel, table: WeightTable): MomentPlan | undefined {
  const { origin, scale } = placement(axis);
  const polynomials = kernel.pieces;
  if (polynomials === undefined || scale < MIN_SCALE || scale > MAX_SCALE) return undefined;
  const order = polynomials.length;
  const cells = axis.windowSize + order - 1;
  const bounds = Int32Array.from({ length: cells + 1 }, (_, cell) => {
    const position = origin + (axis.windowStart + cell - kernel.support + 0.5) * scale;
    return Math.min(Math.max(Math.ceil(position - 0.5), 0), axis.inputSize);
  });
  const coefficients = new Float64Array(cells * order * order);
  const tolerances = new Int32Array(axis.windowSize);
  for (let i = 0; i < axis.windowSize; i++) {
    const centre = origin + (axis.windowStart + i + 0.5) * scale;
    const pieces = polynomials.map((weight, piece) => {
      const end = bounds[i + piece + 1]!;
      return momentCoefficients((u) => weight((end - u + 0.5 - centre) / scale), order);
    });
    const fit = compareWithTable(pieces, bounds.subarray(i, i + order + 1), table, i);
    tolerances[i] = fit.tolerance;
    pieces.forEach((piece, index) => {
      const slot = (i + index) * order + order - 1 - index;
      coefficients.set(
        piece.map((coefficient) => coefficient * fit.factor),
        slot * order,
      );
    });
  }
  return { order, table, bounds, coefficients, tolerances, sums: new Float64Array(cells * 3 * order) };
}

/**
 * The a₀, a₁, … with which a polynomial of a degree below `order` is a₀ + a₁ u + a₂ u(u+1)/2 + a₃ u(u+1)(u+2)/6: its
 * backward differences at 0 (Newton's backward formula).
 */
function momentCoefficients(polynomial: (u: number) => number, order: number): number[] {
  let differences = Array.from({ length: order }, (_, u) => polynomial(-u));
  const coefficients: number[] = [];
  while (differences.length > 0) {
    coefficients.push(differences[0]!);
    differences = differences.slice(1).map((after, u) => differences[u]! - after);
  }
  return coefficients;
}

/** The weight that moments give to the source pixel at distance `u` from the end of its cell. */
function weightFromMoments(coefficients: readonly number[], u: number): number {
  let weight = 0;
  let factor = 1; // u(u+1)…(u+k−1) / k!
  coefficients.forEach((coefficient, k) => {
    weight += coefficient * factor;
    factor *= (u + k) / (k + 1);
  });
  return weight;
}

/**
 * Compares the weights of output pixel `i` with those of the table.
 *
 * @param bounds - of the cells of this output pixel, `[order + 1]`
 * @returns `factor`, which brings the coefficients to the table's scale, and `tolerance`, the most by which the sums can
 *   then differ, for bytes of 0 … 255
 */
function compareWithTable(
  pieces: readonly (readonly number[])[],
  bounds: Int32Array,
  table: WeightTable,
  i: number,
): { factor: number; tolerance: number } {
  const start = table.starts[i]!;
  const count = table.counts[i]!;
  const first = Math.min(start, bounds[0]!);
  const last = Math.max(start + count, bounds[pieces.length]!);
  const expected = new Float64Array(last - first);
  expected.set(table.weights.subarray(i * table.stride, i * table.stride + count), start - first);
  const found = new Float64Array(last - first);
  pieces.forEach((piece, index) => {
    const end = bounds[index + 1]!;
    for (let x = bounds[index]!; x < end; x++) found[x - first] = weightFromMoments(piece, end - x);
  });
  const factor = sum(expected) / sum(found);
  const difference = sum(found.map((weight, x) => Math.abs(weight * factor - expected[x]!)));
  return { factor, tolerance: Math.ceil(255 * difference) + 2 }; // 1 for the fraction, 1 for what float64 loses
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * Whether all whole numbers within the tolerance of a sum give the same byte.
 *
 * @param sum - without its fraction, for which the tolerance has room
 */
export function isSettled(sum: number, tolerance: number): boolean {
  return ((sum + tolerance) ^ (sum - tolerance)) >>> WEIGHT_BITS === 0;
}
