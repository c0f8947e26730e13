import type { RawImage } from '../core/raw-image.js';
import { placement, type Axis } from './axis.js';

/**
 * Takes for each output pixel the one source pixel under its centre.
 *
 * @returns `[rows.windowSize, columns.windowSize, 3]`
 */
export function pickNearest(image: RawImage, columns: Axis, rows: Axis): Uint8ClampedArray {
  const xs = nearestIndices(columns);
  const ys = nearestIndices(rows);
  const output = new Uint8ClampedArray(ys.length * xs.length * 3);
  let o = 0;
  for (const y of ys) {
    const rowStart = y * image.width * 3;
    for (const x of xs) {
      const p = rowStart + x * 3;
      output[o] = image.data[p]!;
      output[o + 1] = image.data[p + 1]!;
      output[o + 2] = image.data[p + 2]!;
      o += 3;
    }
  }
  return output;
}

/** The source pixel of each wanted output pixel. The position is summed up step by step, as Pillow does it. */
function nearestIndices(axis: Axis): Int32Array {
  const { origin, scale } = placement(axis);
  const indices = new Int32Array(axis.windowSize);
  let position = origin + scale * 0.5;
  for (let i = 0; i < axis.windowStart; i++) position += scale;
  for (let i = 0; i < axis.windowSize; i++) {
    indices[i] = Math.min(Math.trunc(position), axis.inputSize - 1);
    position += scale;
  }
  return indices;
}
