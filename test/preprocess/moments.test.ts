import { describe, expect, it } from 'vitest';
import type { RawImage } from '../../src/core/raw-image.js';
import type { Axis } from '../../src/preprocess/axis.js';
import { convolveRows } from '../../src/preprocess/convolve.js';
import { FILTER_KERNELS, type FilterKernel } from '../../src/preprocess/filters.js';
import { momentPlan } from '../../src/preprocess/fast/index.js';
import { WEIGHT_BITS, weightTable } from '../../src/preprocess/weights.js';
import { picture, plain, scrambled } from './pictures.js';

function axis(inputSize: number, outputSize: number, windowStart = 0, windowSize = outputSize): Axis {
  return { inputSize, start: 0, end: inputSize, outputSize, windowStart, windowSize };
}

/** Both ways of computing rows, and the plan of the shorter one. */
function bothWays(
  image: RawImage,
  columns: Axis,
  kernel: FilterKernel,
): { sums: number[]; moments: number[]; tolerances: Int32Array } {
  const table = weightTable(columns, kernel);
  const plan = momentPlan(columns, kernel, table);
  if (plan === undefined) throw new Error('no plan');
  return {
    sums: [...convolveRows(image.data, image.width, 0, image.height, table, undefined)],
    moments: [...convolveRows(image.data, image.width, 0, image.height, table, plan)],
    tolerances: plan.tolerances,
  };
}

describe.each(['bilinear', 'bicubic'] as const)('rows from moments, %s', (filter) => {
  const kernel = FILTER_KERNELS[filter];

  it.each([
    [135, 15],
    [240, 40],
    [1000, 147],
    [1613, 31],
    [4032, 224],
    [2000, 20],
    [101, 2],
    [60, 1],
  ])('equal rows from plain sums in every byte, %i to %i', (width, outputWidth) => {
    const pictures = {
      scrambled: scrambled(width, 6),
      blackAndWhite: picture(width, 4, (x, y) => ((x * 7 + y) % 3 === 0 ? 255 : 0)),
      stripes: picture(width, 3, (x) => (x % 2) * 255), // 127.5, on the rounding border
      edge: picture(width, 3, (x) => (x * 2 < width ? 255 : 0)),
      white: plain(width, 3, [255, 255, 255]),
    };
    for (const [name, image] of Object.entries(pictures)) {
      const { sums, moments } = bothWays(image, axis(width, outputWidth), kernel);
      expect(moments, name).toEqual(sums);
    }
  });

  it('equal them in a window and in a box', () => {
    const image = scrambled(900, 5);
    for (const columns of [axis(900, 90, 31, 17), { ...axis(900, 60), start: 33.3, end: 871.9 }]) {
      const { sums, moments } = bothWays(image, columns, kernel);
      expect(moments).toEqual(sums);
    }
  });

  it('leave a doubt in about a percent of the pixels at most', () => {
    for (const [width, outputWidth] of [
      [4032, 224],
      [6400, 64],
    ] as const) {
      const { tolerances } = bothWays(scrambled(width, 1), axis(width, outputWidth), kernel);
      expect(Math.max(...tolerances) / 2 ** WEIGHT_BITS).toBeLessThan(0.01);
    }
  });
});

describe('a plan of moments', () => {
  it('is made for filters of polynomials and strong shrinking only', () => {
    const plan = (columns: Axis, filter: keyof typeof FILTER_KERNELS): unknown =>
      momentPlan(columns, FILTER_KERNELS[filter], weightTable(columns, FILTER_KERNELS[filter]));
    expect(plan(axis(600, 50), 'bilinear')).toBeDefined();
    expect(plan(axis(600, 50), 'bicubic')).toBeDefined();
    expect(plan(axis(600, 50), 'lanczos')).toBeUndefined();
    expect(plan(axis(600, 300), 'bicubic')).toBeUndefined();
    expect(plan(axis(600, 3), 'bicubic')).toBeUndefined();
  });
});
