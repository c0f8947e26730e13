import { convolveRow } from '../convolve-row.js';
import { isSettled, type MomentPlan } from './moments.js';
import { HALF, WEIGHT_BITS } from '../weights.js';

/** Cells that an output pixel is made of, and moments of a cell in each channel. */
const ORDER = 2;

/**
 * Writes one resampled row, computed from the two moments of its cells; see `moments.ts`.
 *
 * @param row - the source row, `[width, 3]`
 * @param output - takes the row, from byte `offset` on
 */
export function convolveRowFromLinearCells(
  row: DataView,
  plan: MomentPlan,
  output: Uint8ClampedArray,
  offset: number,
): void {
  sumCells(row, plan.bounds, plan.sums);
  combineCells(row, plan, output, offset);
}

/** Writes the moments of each cell to `sums`, `[cells, 3, ORDER]`. */
function sumCells(row: DataView, bounds: Int32Array, sums: Float64Array): void {
  let p = bounds[0]! * 3;
  for (let cell = 0, s = 0; cell < bounds.length - 1; cell++, s += 3 * ORDER) {
    const end = (bounds[cell + 1]! * 3) | 0;
    const lastGroup = (end - 9) | 0;
    let red0 = 0;
    let red1 = 0;
    let green0 = 0;
    let green1 = 0;
    let blue0 = 0;
    let blue1 = 0;
    for (; p < lastGroup; p = (p + 12) | 0) {
      const a = row.getInt32(p, true); // R₁ B₀ G₀ R₀, from the highest byte to the lowest
      const b = row.getInt32((p + 4) | 0, true); // G₂ R₂ B₁ G₁
      const c = row.getInt32((p + 8) | 0, true); // B₃ G₃ R₃ B₂
      red0 = (red0 + (a & 255)) | 0;
      red1 = (red1 + red0) | 0;
      green0 = (green0 + ((a >> 8) & 255)) | 0;
      green1 = (green1 + green0) | 0;
      blue0 = (blue0 + ((a >> 16) & 255)) | 0;
      blue1 = (blue1 + blue0) | 0;
      red0 = (red0 + (a >>> 24)) | 0;
      red1 = (red1 + red0) | 0;
      green0 = (green0 + (b & 255)) | 0;
      green1 = (green1 + green0) | 0;
      blue0 = (blue0 + ((b >> 8) & 255)) | 0;
      blue1 = (blue1 + blue0) | 0;
      red0 = (red0 + ((b >> 16) & 255)) | 0;
      red1 = (red1 + red0) | 0;
      green0 = (green0 + (b >>> 24)) | 0;
      green1 = (green1 + green0) | 0;
      blue0 = (blue0 + (c & 255)) | 0;
      blue1 = (blue1 + blue0) | 0;
      red0 = (red0 + ((c >> 8) & 255)) | 0;
      red1 = (red1 + red0) | 0;
      green0 = (green0 + ((c >> 16) & 255)) | 0;
      green1 = (green1 + green0) | 0;
      blue0 = (blue0 + (c >>> 24)) | 0;
      blue1 = (blue1 + blue0) | 0;
    }
    for (; p < end; p = (p + 3) | 0) {
      red0 = (red0 + row.getUint8(p)) | 0;
      red1 = (red1 + red0) | 0;
      green0 = (green0 + row.getUint8((p + 1) | 0)) | 0;
      green1 = (green1 + green0) | 0;
      blue0 = (blue0 + row.getUint8((p + 2) | 0)) | 0;
      blue1 = (blue1 + blue0) | 0;
    }
    sums[s] = red0;
    sums[s + 1] = red1;
    sums[s + 2] = green0;
    sums[s + 3] = green1;
    sums[s + 4] = blue0;
    sums[s + 5] = blue1;
  }
}

/**
 * Writes the output pixels of one row from the moments of its cells; those in doubt are summed from the row.
 *
 * Each cell adds to two output pixels. The first of them is then complete; the other waits in `…Next`.
 */
function combineCells(row: DataView, plan: MomentPlan, output: Uint8ClampedArray, offset: number): void {
  const { table, bounds, coefficients, tolerances, sums } = plan;
  let redNext = HALF;
  let greenNext = HALF;
  let blueNext = HALF;
  for (let cell = 0; cell < bounds.length - 1; cell++) {
    const s = (cell * 3 * ORDER) | 0;
    const k = (cell * ORDER * ORDER) | 0;
    const red0 = sums[s]!;
    const red1 = sums[(s + 1) | 0]!;
    const green0 = sums[(s + 2) | 0]!;
    const green1 = sums[(s + 3) | 0]!;
    const blue0 = sums[(s + 4) | 0]!;
    const blue1 = sums[(s + 5) | 0]!;
    let c0 = coefficients[k]!;
    let c1 = coefficients[(k + 1) | 0]!;
    const red = (redNext + c0 * red0 + c1 * red1) | 0;
    const green = (greenNext + c0 * green0 + c1 * green1) | 0;
    const blue = (blueNext + c0 * blue0 + c1 * blue1) | 0;
    c0 = coefficients[(k + 2) | 0]!;
    c1 = coefficients[(k + 3) | 0]!;
    redNext = HALF + c0 * red0 + c1 * red1;
    greenNext = HALF + c0 * green0 + c1 * green1;
    blueNext = HALF + c0 * blue0 + c1 * blue1;
    const i = cell - ORDER + 1;
    if (i < 0) continue;
    const o = offset + i * 3;
    const tolerance = tolerances[i]!;
    if (isSettled(red, tolerance) && isSettled(green, tolerance) && isSettled(blue, tolerance)) {
      output[o] = red >> WEIGHT_BITS;
      output[o + 1] = green >> WEIGHT_BITS;
      output[o + 2] = blue >> WEIGHT_BITS;
    } else {
      convolveRow(row, 0, table, i, i + 1, output, o);
    }
  }
}
