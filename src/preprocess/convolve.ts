import { convolveRow } from './convolve-row.js';
import { convolveRowFast, type MomentPlan } from './fast/index.js';
import { HALF, WEIGHT_BITS, type WeightTable } from './weights.js';

/*
 * The two passes of a resize, in 32-bit integers. A sum of weights × bytes stays below 2^31 for every filter here, so
 * `Math.imul` and `| 0` lose nothing; storing to a Uint8ClampedArray cuts the overshoot off. Bytes are read four at a
 * time, through a DataView, which takes a quarter of the loads and of their bounds checks.
 */

/**
 * Resamples the rows `firstRow` up to, not including, `lastRow` of an RGB picture to the width of the table.
 *
 * @param bytes - the picture, `[height, width, 3]`
 * @param width - its width in pixels
 * @param plan - the moments of this axis, if there are any; the result is the same without them
 * @returns `[lastRow − firstRow, table width, 3]`
 */
export function convolveRows(
  bytes: Uint8Array | Uint8ClampedArray,
  width: number,
  firstRow: number,
  lastRow: number,
  table: WeightTable,
  plan: MomentPlan | undefined,
): Uint8ClampedArray {
  const outputWidth = table.starts.length;
  const rowBytes = width * 3;
  const output = new Uint8ClampedArray((lastRow - firstRow) * outputWidth * 3);
  for (let y = firstRow; y < lastRow; y++) {
    const start = bytes.byteOffset + y * rowBytes;
    const offset = (y - firstRow) * outputWidth * 3;
    const row = { buffer: bytes.buffer, start, rowBytes, isFirst: y === 0 };
    if (plan && convolveRowFast(row, plan, output, offset)) continue;
    convolveRow(new DataView(bytes.buffer, start, rowBytes), 0, table, 0, outputWidth, output, offset);
  }
  return output;
}

/**
 * Resamples the columns of an RGB picture to the height of the table.
 *
 * @param bytes - the rows from `firstRow` on, `[rows, width, 3]`
 * @param width - its width in pixels
 * @param firstRow - the row, in the table's numbering, with which `bytes` begins
 * @returns `[table height, width, 3]`
 */
export function convolveColumns(
  bytes: Uint8Array | Uint8ClampedArray,
  width: number,
  firstRow: number,
  table: WeightTable,
): Uint8ClampedArray {
  const { starts, counts, stride, weights } = table;
  const rowBytes = width * 3;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const output = new Uint8ClampedArray(starts.length * rowBytes);
  for (let y = 0; y < starts.length; y++) {
    const rowWeights = weights.subarray(y * stride, y * stride + counts[y]!);
    combineRows(view, (starts[y]! - firstRow) * rowBytes, rowBytes, rowWeights, output, y * rowBytes);
  }
  return output;
}

/** Writes the weighted sum of consecutive rows, which begin at byte `start` of `view`, to `output` from `offset` on. */
function combineRows(
  view: DataView,
  start: number,
  rowBytes: number,
  weights: Int32Array,
  output: Uint8ClampedArray,
  offset: number,
): void {
  const count = weights.length;
  let x = 0;
  for (; x < rowBytes - 3; x = (x + 4) | 0) {
    let sum0 = HALF;
    let sum1 = HALF;
    let sum2 = HALF;
    let sum3 = HALF;
    let p = (start + x) | 0;
    for (let k = 0; k < count; k = (k + 1) | 0, p = (p + rowBytes) | 0) {
      const word = view.getInt32(p, true);
      const weight = weights[k]!;
      sum0 = (sum0 + Math.imul(word & 255, weight)) | 0;
      sum1 = (sum1 + Math.imul((word >> 8) & 255, weight)) | 0;
      sum2 = (sum2 + Math.imul((word >> 16) & 255, weight)) | 0;
      sum3 = (sum3 + Math.imul(word >>> 24, weight)) | 0;
    }
    output[offset + x] = sum0 >> WEIGHT_BITS;
    output[offset + x + 1] = sum1 >> WEIGHT_BITS;
    output[offset + x + 2] = sum2 >> WEIGHT_BITS;
    output[offset + x + 3] = sum3 >> WEIGHT_BITS;
  }
  for (; x < rowBytes; x++) {
    let sum = HALF;
    for (let k = 0; k < count; k++) {
      sum = (sum + Math.imul(view.getUint8(start + x + k * rowBytes), weights[k]!)) | 0;
    }
    output[offset + x] = sum >> WEIGHT_BITS;
  }
}
