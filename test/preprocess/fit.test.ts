import { describe, expect, it } from 'vitest';
import type { ImageSpec } from '../../src/core/image-spec.js';
import { fitToSpec, resample } from '../../src/preprocess/index.js';
import { crop, plain, scrambled } from './pictures.js';

const squash: ImageSpec = {
  width: 12,
  height: 8,
  resize: 'squash',
  resample: 'bicubic',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
};

describe('fitToSpec', () => {
  it.each(['squash', 'shortest-edge-crop', 'pad'] as const)('gives the spec’s size for any shape, %s', (resize) => {
    for (const [width, height] of [
      [1, 1],
      [12, 8],
      [500, 3],
      [3, 500],
      [40, 41],
    ] as const) {
      const result = fitToSpec(scrambled(width, height), { ...squash, resize });
      expect([result.width, result.height, result.data.length]).toEqual([12, 8, 12 * 8 * 3]);
    }
  });

  it('squash-crop takes the centre of the squashed picture', () => {
    const image = scrambled(31, 50);
    const spec: ImageSpec = { ...squash, resize: 'squash-crop', squashedWidth: 15, squashedHeight: 9 };
    const whole = resample(image, 15, 9, 'bicubic');
    expect([...fitToSpec(image, spec).data]).toEqual([...crop(whole, 1, 0, 12, 8).data]);
    const even = fitToSpec(image, { ...spec, cropRounding: 'half-to-even' });
    expect([...even.data]).toEqual([...crop(whole, 2, 0, 12, 8).data]);
  });

  it('squash ignores the aspect ratio', () => {
    const image = scrambled(30, 50);
    expect(fitToSpec(image, squash)).toEqual(resample(image, 12, 8, 'bicubic'));
  });

  it('shortest-edge-crop rounds the longer side down and takes the centre', () => {
    const image = scrambled(31, 77);
    const spec: ImageSpec = { ...squash, width: 22, height: 18, resize: 'shortest-edge-crop', shortestEdge: 25 };
    const resized = resample(image, 25, 62, 'bicubic'); // 25 × 77 / 31 = 62.09…
    expect([...fitToSpec(image, spec).data]).toEqual([...crop(resized, 1, 22, 22, 18).data]);
    const even = fitToSpec(image, { ...spec, cropRounding: 'half-to-even' });
    expect([...even.data]).toEqual([...crop(resized, 2, 22, 22, 18).data]);
  });

  it('shortest-edge-crop resizes to the larger side of the input where no edge is given', () => {
    const image = scrambled(40, 30);
    const spec: ImageSpec = { ...squash, resize: 'shortest-edge-crop' };
    expect(fitToSpec(image, spec)).toEqual(fitToSpec(image, { ...spec, shortestEdge: 12 }));
  });

  it('pad centres the whole picture on the colour given', () => {
    const result = fitToSpec(plain(10, 20, [9, 8, 7]), { ...squash, resize: 'pad', padColor: [1, 2, 3] });
    // 4×8 in 12×8: four columns of border, four of picture, four of border
    for (let x = 0; x < 12; x++) {
      const isInside = x >= 4 && x < 8;
      expect([...result.data.subarray((12 * 5 + x) * 3, (12 * 5 + x) * 3 + 3)]).toEqual(
        isInside ? [9, 8, 7] : [1, 2, 3],
      );
    }
  });

  it('pad borders with black by default, and keeps a line of a very long picture', () => {
    const result = fitToSpec(plain(900, 1, [200, 200, 200]), { ...squash, resize: 'pad' });
    const rows = Array.from({ length: 8 }, (_, y) => result.data[y * 12 * 3]);
    expect(rows.filter((value) => value === 200)).toHaveLength(1);
    expect(rows.filter((value) => value === 0)).toHaveLength(7);
  });

  it('crops a very long picture without computing all of it', () => {
    const result = fitToSpec(plain(2, 200_000, [5, 6, 7]), {
      ...squash,
      width: 224,
      height: 224,
      resize: 'shortest-edge-crop',
    });
    expect([...result.data.subarray(0, 3)]).toEqual([5, 6, 7]);
  });
});
