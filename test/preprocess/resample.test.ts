import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/core/errors/index.js';
import { RESAMPLE_FILTERS, type ResampleFilter } from '../../src/core/image-spec.js';
import type { RawImage } from '../../src/core/raw-image.js';
import { resample } from '../../src/preprocess/index.js';
import { crop, picture, plain, scrambled } from './pictures.js';

function bytes(image: RawImage): number[] {
  return [...image.data];
}

describe.each(RESAMPLE_FILTERS)('resample, %s', (filter) => {
  it.each([
    [20, 10, 7, 3],
    [20, 10, 41, 33],
    [1, 1, 6, 5],
    [90, 2, 1, 1],
    [3, 100, 5, 7],
  ])('gives the size asked for and keeps one colour as it is: %i×%i to %i×%i', (width, height, toWidth, toHeight) => {
    const result = resample(plain(width, height, [0, 131, 255]), toWidth, toHeight, filter);
    expect([result.width, result.height]).toEqual([toWidth, toHeight]);
    expect(bytes(result)).toEqual(bytes(plain(toWidth, toHeight, [0, 131, 255])));
  });

  it('copies a picture that has the size already', () => {
    const image = scrambled(13, 9);
    const result = resample(image, 13, 9, filter);
    expect(bytes(result)).toEqual(bytes(image));
    expect(result.data.buffer).not.toBe(image.data.buffer);
  });

  it('computes a window as the full result cropped', () => {
    const image = scrambled(61, 47);
    for (const [width, height] of [
      [20, 30],
      [61, 30],
      [100, 47],
      [90, 80],
    ] as const) {
      const window = { left: 3, top: 5, width: 11, height: 9 };
      const whole = resample(image, width, height, filter);
      expect(bytes(resample(image, width, height, filter, { window }))).toEqual(bytes(crop(whole, 3, 5, 11, 9)));
    }
  });

  it('crops where the box has the size of the result', () => {
    const image = scrambled(30, 20);
    const box = { left: 7, top: 4, width: 12, height: 10 };
    expect(bytes(resample(image, 12, 10, filter, { box }))).toEqual(bytes(crop(image, 7, 4, 12, 10)));
  });

  it('reads clamped arrays and arrays that begin within a buffer alike', () => {
    const image = scrambled(17, 11);
    const shifted = new Uint8Array(image.data.length + 5).subarray(5);
    shifted.set(image.data);
    const expected = bytes(resample(image, 8, 23, filter));
    expect(bytes(resample({ ...image, data: shifted }, 8, 23, filter))).toEqual(expected);
    expect(bytes(resample({ ...image, data: new Uint8ClampedArray(image.data) }, 8, 23, filter))).toEqual(expected);
  });

  it('leaves the source as it is', () => {
    const image = scrambled(12, 12);
    const before = bytes(image);
    resample(image, 5, 30, filter);
    expect(bytes(image)).toEqual(before);
  });
});

describe('resample', () => {
  it('averages a fine checkerboard to grey when shrinking, where nearest keeps black and white', () => {
    const board = picture(64, 64, (x, y) => ((x + y) % 2) * 255);
    const inner = { left: 1, top: 1, width: 14, height: 14 }; // the rim weighs fewer pixels
    for (const filter of ['box', 'bilinear', 'bicubic'] as const) {
      for (const value of resample(board, 16, 16, filter, { window: inner }).data) {
        expect(Math.abs(value - 127.5)).toBeLessThanOrEqual(1);
      }
    }
    expect(new Set(resample(board, 16, 16, 'nearest').data)).not.toContain(128);
  });

  it('cuts overshoot off at black and white', () => {
    const edge = picture(8, 8, (x) => (x < 4 ? 0 : 255));
    const row = [...resample(edge, 32, 8, 'bicubic').data.subarray(0, 96)];
    expect(Math.min(...row)).toBe(0);
    expect(Math.max(...row)).toBe(255);
    expect(row).toEqual([...row].sort((a, b) => a - b));
  });

  it('mirrors and turns with the picture', () => {
    const image = scrambled(37, 23);
    const mirrored = picture(37, 23, (x, y, c) => image.data[(y * 37 + 36 - x) * 3 + c] ?? 0);
    const result = resample(image, 11, 50, 'bicubic');
    const expected = picture(11, 50, (x, y, c) => result.data[(y * 11 + 10 - x) * 3 + c] ?? 0);
    expect(bytes(resample(mirrored, 11, 50, 'bicubic'))).toEqual(bytes(expected));
  });
});

describe('resample refuses', () => {
  const image = plain(4, 3, [1, 2, 3]);
  const sizes = [0, -1, 1.5, NaN, Infinity];

  it.each(sizes)('a width or height of %d', (size) => {
    expect(() => resample(image, size, 4, 'bilinear')).toThrow(InvalidArgumentError);
    expect(() => resample(image, 4, size, 'bilinear')).toThrow(/height must be an integer of at least 1/);
  });

  it.each(sizes)('a source whose side is %d', (size) => {
    expect(() => resample({ ...image, width: size }, 4, 4, 'bilinear')).toThrow(
      /image\.width must be an integer of at least 1/,
    );
    expect(() => resample({ ...image, height: size }, 4, 4, 'bilinear')).toThrow(
      /image\.height must be an integer of at least 1/,
    );
  });

  it('data whose length does not fit, such as RGBA', () => {
    const rgba = { data: new Uint8Array(4 * 3 * 4), width: 4, height: 3 };
    expect(() => resample(rgba, 2, 2, 'bilinear')).toThrow(/48 bytes, but 4×3 RGB pixels take 36/);
  });

  it('a filter it does not know', () => {
    expect(() => resample(image, 2, 2, 'area' as ResampleFilter)).toThrow(/filter must be .*lanczos.*"area"/);
  });

  it('a box or window that is empty or reaches outside', () => {
    const outside = { left: 2, top: 0, width: 3, height: 3 };
    expect(() => resample(image, 4, 4, 'bilinear', { box: outside })).toThrow(/box is 3×3 at \(2, 0\)/);
    expect(() => resample(image, 4, 4, 'bilinear', { window: outside })).toThrow(/window is/);
    expect(() => resample(image, 4, 4, 'bilinear', { box: { ...outside, left: NaN } })).toThrow(/box is/);
    expect(() => resample(image, 4, 4, 'bilinear', { box: { ...outside, width: 0 } })).toThrow(/not empty/);
    const between = { left: 0.5, top: 0, width: 1, height: 1 };
    expect(() => resample(image, 4, 4, 'bilinear', { window: between })).toThrow(/whole numbers/);
  });

  it('a result too large for memory', () => {
    expect(() => resample(image, 60_000, 60_000, 'bilinear')).toThrow(/Use a smaller size/);
  });

  it('with an error that names the argument', () => {
    expect(() => resample(image, NaN, 4, 'bilinear')).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', argument: 'width' }),
    );
  });
});
