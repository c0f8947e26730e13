import { float32Tensor, type Tensor } from '../core/tensor.js';

/** The value of each of the 65,536 half-precision numbers, by its bits; made when it is first needed. */
let valueByBits: Float32Array | undefined;

/**
 * Half-precision numbers (IEEE 754 binary16), as their bits, in single precision. Exact.
 */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  valueByBits ??= Float32Array.from({ length: 2 ** 16 }, (_, index) => valueOfBits(index));
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = valueByBits[bits[i]!]!;
  return values;
}

function valueOfBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Single-precision numbers in half precision (IEEE 754 binary16), as their bits. Rounds to the nearest, a half to the even
 * one; what is too large becomes infinite.
 */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, halfOfSingle);
}

/** @param bits of a single-precision number: sign, 8 of the exponent, 23 of the fraction */
function halfOfSingle(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127;
  const fraction = bits & 0x7fffff;
  if (exponent === 128) return fraction === 0 ? sign | 0x7c00 : 0x7e00;
  if (exponent < -25) return sign;
  if (exponent < -14) return sign | shiftRounded(fraction | 0x800000, -1 - exponent); // subnormal: steps of 2^-24
  // What rounding carries over goes from the fraction into the exponent by itself, and at last to infinity.
  return sign | Math.min(((exponent + 15) << 10) + shiftRounded(fraction, 13), 0x7c00);
}

/** `value / 2 ** shift`, rounded to the nearest, a half to the even one. */
function shiftRounded(value: number, shift: number): number {
  const down = value >>> shift;
  const rest = value - down * 2 ** shift;
  const half = 2 ** (shift - 1);
  return rest > half || (rest === half && down % 2 === 1) ? down + 1 : down;
}

/**
 * A tensor of floats in another float type; itself if it is of that type already.
 *
 * @param tensor float32 or float16
 * @param type `float32` or `float16`
 */
export function castFloats(tensor: Tensor, type: string): Tensor {
  if (tensor.type === type) return tensor;
  return type === 'float16'
    ? { type, dims: tensor.dims, data: float32ToFloat16(tensor.data as Float32Array) }
    : float32Tensor(float16ToFloat32(tensor.data as Uint16Array), tensor.dims);
}
