import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float16ToFloat32, float32ToFloat16 } from '../../src/numerics/float16.js';

const ALL = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
const toHalf = (value: number): number => float32ToFloat16(Float32Array.of(value))[0]!;

test('known numbers (IEEE 754)', () => {
  const known: [number, number][] = [
    [0x0000, 0],
    [0x8000, -0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x03ff, 1023 * 2 ** -24],
    [0x0001, 2 ** -24],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, NaN],
  ];
  const bits = Uint16Array.from(known, ([half]) => half);
  const values = Float32Array.from(known, ([, value]) => value);
  expect(float16ToFloat32(bits)).toEqual(values);
  expect(float32ToFloat16(values)).toEqual(bits);
});

test('every half-precision number comes back from single precision', () => {
  const values = float16ToFloat32(ALL);
  const back = float32ToFloat16(values);
  const isSame = ALL.every((bits, i) => back[i] === bits || (Number.isNaN(values[i]) && back[i] === 0x7e00));
  expect(isSame).toBe(true);
});

test('a number goes to the nearest, in the middle to the even one', () => {
  const finite = float16ToFloat32(ALL.subarray(0, 0x7c00)); // rising
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0x7bfe }), fc.double({ min: 0, max: 1, noNaN: true }), (bits, share) => {
      const [low, high] = [finite[bits]!, finite[bits + 1]!];
      const value = Math.fround(low + share * (high - low));
      const middle = (low + high) / 2;
      const expected = value === middle ? bits + (bits % 2) : value < middle ? bits : bits + 1;
      return toHalf(value) === expected && toHalf(-value) === (expected | 0x8000);
    }),
  );
  expect(toHalf((finite[0x3c00]! + finite[0x3c01]!) / 2)).toBe(0x3c00);
  expect(toHalf((finite[0x3c01]! + finite[0x3c02]!) / 2)).toBe(0x3c02);
  expect(toHalf(65519)).toBe(0x7bff);
  expect(toHalf(65520)).toBe(0x7c00);
  expect(toHalf(2 ** -25)).toBe(0);
});
