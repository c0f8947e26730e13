import { HALF, WEIGHT_BITS, type WeightTable } from './weights.js';

/**
 * Writes the output pixels `from` up to, not including, `to` of one row, as sums of weights × bytes.
 *
 * @param view - holds the source row from byte `rowStart` on, `[width, 3]`
 * @param output - takes the pixels, from byte `offset` on
 */
export function convolveRow(
  view: DataView,
  rowStart: number,
  table: WeightTable,
  from: number,
  to: number,
  output: Uint8ClampedArray,
  offset: number,
): void {
  const { starts, counts, stride, weights } = table;
  let o = offset;
  for (let x = from; x < to; x++) {
    let k = (x * stride) | 0;
    const end = (k + counts[x]!) | 0;
    const lastGroup = (end - 3) | 0;
    let p = (rowStart + starts[x]! * 3) | 0;
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    for (; k < lastGroup; k = (k + 4) | 0, p = (p + 12) | 0) {
      const a = view.getInt32(p, true); // R₁ B₀ G₀ R₀, from the highest byte to the lowest
      const b = view.getInt32((p + 4) | 0, true); // G₂ R₂ B₁ G₁
      const c = view.getInt32((p + 8) | 0, true); // B₃ G₃ R₃ B₂
      const w0 = weights[k]!;
      const w1 = weights[(k + 1) | 0]!;
      const w2 = weights[(k + 2) | 0]!;
      const w3 = weights[(k + 3) | 0]!;
      red = (red + Math.imul(a & 255, w0)) | 0;
      green = (green + Math.imul((a >> 8) & 255, w0)) | 0;
      blue = (blue + Math.imul((a >> 16) & 255, w0)) | 0;
      red = (red + Math.imul(a >>> 24, w1)) | 0;
      green = (green + Math.imul(b & 255, w1)) | 0;
      blue = (blue + Math.imul((b >> 8) & 255, w1)) | 0;
      red = (red + Math.imul((b >> 16) & 255, w2)) | 0;
      green = (green + Math.imul(b >>> 24, w2)) | 0;
      blue = (blue + Math.imul(c & 255, w2)) | 0;
      red = (red + Math.imul((c >> 8) & 255, w3)) | 0;
      green = (green + Math.imul((c >> 16) & 255, w3)) | 0;
      blue = (blue + Math.imul(c >>> 24, w3)) | 0;
    }
    for (; k < end; k = (k + 1) | 0, p = (p + 3) | 0) {
      const weight = weights[k]!;
      red = (red + Math.imul(view.getUint8(p), weight)) | 0;
      green = (green + Math.imul(view.getUint8((p + 1) | 0), weight)) | 0;
      blue = (blue + Math.imul(view.getUint8((p + 2) | 0), weight)) | 0;
    }
    output[o] = red >> WEIGHT_BITS;
    output[o + 1] = green >> WEIGHT_BITS;
    output[o + 2] = blue >> WEIGHT_BITS;
    o += 3;
  }
}
