import { convolveRow } from '../convolve-row.js';
import { isSettled, type MomentPlan } from './moments.js';
import { HALF, WEIGHT_BITS } from '../weights.js';

/** Cells that an output pixel is made of, and moments of a cell in each channel. */
const ORDER = 4;

/**
 * Writes one resampled row, computed from the four moments of its cells; see `moments.ts`.
 *
 * @param row - one byte, which does not count, then the source row, `[width, 3]`
 * @param output - takes the row, from byte `offset` on
 */
export function convolveRowFromCubicCells(
  row: DataView,
  plan: MomentPlan,
  output: Uint8ClampedArray,
  offset: number,
): void {
  sumCells(row, plan.bounds, plan.sums);
  combineCells(row, plan, output, offset);
}

/**
 * Writes the moments of each cell to `sums`, `[cells, 3, ORDER]`.
 *
 * The word that begins one byte before a pixel is, from the highest byte to the lowest, B, G, R and that byte. Shifted
 * right by 24, 16 and 8 bits it is B, G + 256 B, and R + 256 (G + 256 B). Those are summed, modulo 2^32, and the sums of
 * G and R are told apart at the end of the cell.
 */
function sumCells(row: DataView, bounds: Int32Array, sums: Float64Array): void {
  let p = bounds[0]! * 3;
  for (let cell = 0, s = 0; cell < bounds.length - 1; cell++, s += 3 * ORDER) {
    const end = (bounds[cell + 1]! * 3) | 0;
    let red0 = 0;
    let red1 = 0;
    let red2 = 0;
    let red3 = 0;
    let green0 = 0;
    let green1 = 0;
    let green2 = 0;
    let green3 = 0;
    let blue0 = 0;
    let blue1 = 0;
    let blue2 = 0;
    let blue3 = 0;
    for (; p < end; p = (p + 3) | 0) {
      const word = row.getInt32(p, true);
      red0 = (red0 + (word >>> 8)) | 0;
      red1 = (red1 + red0) | 0;
      red2 = (red2 + red1) | 0;
      red3 = (red3 + red2) | 0;
      green0 = (green0 + (word >>> 16)) | 0;
      green1 = (green1 + green0) | 0;
      green2 = (green2 + green1) | 0;
      green3 = (green3 + green2) | 0;
      blue0 = (blue0 + (word >>> 24)) | 0;
      blue1 = (blue1 + blue0) | 0;
      blue2 = (blue2 + blue1) | 0;
      blue3 = (blue3 + blue2) | 0;
    }
    sums[s] = (red0 - (green0 << 8)) | 0;
    sums[s + 1] = (red1 - (green1 << 8)) | 0;
    sums[s + 2] = (red2 - (green2 << 8)) | 0;
    sums[s + 3] = (red3 - (green3 << 8)) | 0;
    sums[s + 4] = (green0 - (blue0 << 8)) | 0;
    sums[s + 5] = (green1 - (blue1 << 8)) | 0;
    sums[s + 6] = (green2 - (blue2 << 8)) | 0;
    sums[s + 7] = (green3 - (blue3 << 8)) | 0;
    sums[s + 8] = blue0;
    sums[s + 9] = blue1;
    sums[s + 10] = blue2;
    sums[s + 11] = blue3;
  }
}

/**
 * Writes the output pixels of one row from the moments of its cells; those in doubt are summed from the row.
 *
 * Each cell adds to four output pixels. The first of them is then complete; the other three wait in `…1` to `…3`.
 */
function combineCells(row: DataView, plan: MomentPlan, output: Uint8ClampedArray, offset: number): void {
  const { table, bounds, coefficients, tolerances, sums } = plan;
  let red1 = HALF;
  let red2 = HALF;
  let red3 = HALF;
  let green1 = HALF;
  let green2 = HALF;
  let green3 = HALF;
  let blue1 = HALF;
  let blue2 = HALF;
  let blue3 = HALF;
  for (let cell = 0; cell < bounds.length - 1; cell++) {
    const s = (cell * 3 * ORDER) | 0;
    const k = (cell * ORDER * ORDER) | 0;
    const r0 = sums[s]!;
    const r1 = sums[(s + 1) | 0]!;
    const r2 = sums[(s + 2) | 0]!;
    const r3 = sums[(s + 3) | 0]!;
    const g0 = sums[(s + 4) | 0]!;
    const g1 = sums[(s + 5) | 0]!;
    const g2 = sums[(s + 6) | 0]!;
    const g3 = sums[(s + 7) | 0]!;
    const b0 = sums[(s + 8) | 0]!;
    const b1 = sums[(s + 9) | 0]!;
    const b2 = sums[(s + 10) | 0]!;
    const b3 = sums[(s + 11) | 0]!;
    let c0 = coefficients[k]!;
    let c1 = coefficients[(k + 1) | 0]!;
    let c2 = coefficients[(k + 2) | 0]!;
    let c3 = coefficients[(k + 3) | 0]!;
    const red = (red1 + c0 * r0 + c1 * r1 + c2 * r2 + c3 * r3) | 0;
    const green = (green1 + c0 * g0 + c1 * g1 + c2 * g2 + c3 * g3) | 0;
    const blue = (blue1 + c0 * b0 + c1 * b1 + c2 * b2 + c3 * b3) | 0;
    c0 = coefficients[(k + 4) | 0]!;
    c1 = coefficients[(k + 5) | 0]!;
    c2 = coefficients[(k + 6) | 0]!;
    c3 = coefficients[(k + 7) | 0]!;
    red1 = red2 + c0 * r0 + c1 * r1 + c2 * r2 + c3 * r3;
    green1 = green2 + c0 * g0 + c1 * g1 + c2 * g2 + c3 * g3;
    blue1 = blue2 + c0 * b0 + c1 * b1 + c2 * b2 + c3 * b3;
    c0 = coefficients[(k + 8) | 0]!;
    c1 = coefficients[(k + 9) | 0]!;
    c2 = coefficients[(k + 10) | 0]!;
    c3 = coefficients[(k + 11) | 0]!;
    red2 = red3 + c0 * r0 + c1 * r1 + c2 * r2 + c3 * r3;
    green2 = green3 + c0 * g0 + c1 * g1 + c2 * g2 + c3 * g3;
    blue2 = blue3 + c0 * b0 + c1 * b1 + c2 * b2 + c3 * b3;
    c0 = coefficients[(k + 12) | 0]!;
    c1 = coefficients[(k + 13) | 0]!;
    c2 = coefficients[(k + 14) | 0]!;
    c3 = coefficients[(k + 15) | 0]!;
    red3 = HALF + c0 * r0 + c1 * r1 + c2 * r2 + c3 * r3;
    green3 = HALF + c0 * g0 + c1 * g1 + c2 * g2 + c3 * g3;
    blue3 = HALF + c0 * b0 + c1 * b1 + c2 * b2 + c3 * b3;
    const i = cell - ORDER + 1;
    if (i < 0) continue;
    const o = offset + i * 3;
    const tolerance = tolerances[i]!;
    if (isSettled(red, tolerance) && isSettled(green, tolerance) && isSettled(blue, tolerance)) {
      output[o] = red >> WEIGHT_BITS;
      output[o + 1] = green >> WEIGHT_BITS;
      output[o + 2] = blue >> WEIGHT_BITS;
    } else {
      convolveRow(row, 1, table, i, i + 1, output, o);
    }
  }
}
