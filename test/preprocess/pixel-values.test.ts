import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/core/errors/index.js';
import type { ImageSpec } from '../../src/core/image-spec.js';
import { toPixelValues } from '../../src/preprocess/index.js';
import { picture, plain } from './pictures.js';

const spec: ImageSpec = {
  width: 3,
  height: 2,
  resize: 'squash',
  resample: 'bilinear',
  mean: [0.5, 0.25, 0],
  std: [0.5, 0.25, 1],
};

describe('toPixelValues', () => {
  it('puts the channels first, each row by row', () => {
    const image = picture(3, 2, (x, y, channel) => channel * 100 + y * 10 + x);
    const { type, dims, data } = toPixelValues(image, { ...spec, mean: [0, 0, 0], std: [1, 1, 1], rescaleFactor: 1 });
    expect(type).toBe('float32');
    expect(dims).toEqual([1, 3, 2, 3]);
    expect([...data]).toEqual([0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112, 200, 201, 202, 210, 211, 212]);
  });

  it('rescales to 0 … 1, then subtracts the mean and divides by the deviation of each channel', () => {
    const { data } = toPixelValues(plain(5, 5, [255, 0, 51]), spec);
    expect([...data.subarray(0, 6)]).toEqual(Array(6).fill(1));
    expect([...data.subarray(6, 12)]).toEqual(Array(6).fill(-1));
    expect([...data.subarray(12)]).toEqual(Array(6).fill(Math.fround(51 * (1 / 255))));
  });

  const image = plain(4, 4, [1, 2, 3]);

  it.each<[string, Partial<Record<keyof ImageSpec, unknown>>]>([
    ['spec.width', { width: 0 }],
    ['spec.height', { height: NaN }],
    ['spec', { width: 60_000, height: 60_000 }],
    ['spec.resize', { resize: 'stretch' }],
    ['spec.resample', { resample: 3 }],
    ['spec.mean', { mean: [0.5, NaN, 0.5] }],
    ['spec.mean', { mean: 0.5 }],
    ['spec.std', { std: [0.5, 0, 0.5] }],
    ['spec.std', { std: [0.5, 0.5] }],
    ['spec.rescaleFactor', { rescaleFactor: NaN }],
    ['spec.shortestEdge', { shortestEdge: 4 }],
    ['spec.cropRounding', { cropRounding: 'down' }],
    ['spec.padColor', { padColor: [0, 0, 0] }],
    ['spec.padColor', { resize: 'pad', padColor: [0, 0, 256] }],
    ['spec.shortestEdge', { resize: 'shortest-edge-crop', shortestEdge: 2 }],
    ['spec.shortestEdge', { resize: 'shortest-edge-crop', shortestEdge: 3.5 }],
    ['spec.cropRounding', { resize: 'shortest-edge-crop', cropRounding: 'up' }],
    ['spec.squashedWidth', { resize: 'shortest-edge-crop', squashedWidth: 9 }],
    ['spec.squashedWidth', { resize: 'squash-crop', squashedHeight: 9 }],
    ['spec.squashedHeight', { resize: 'squash-crop', squashedWidth: 9, squashedHeight: 1 }],
  ])('refuses a bad %s: %j', (argument, fields) => {
    const act = (): unknown => toPixelValues(image, { ...spec, ...fields } as ImageSpec);
    expect(act).toThrow(InvalidArgumentError);
    expect(act).toThrow(expect.objectContaining({ argument }));
  });

  it('refuses a picture without pixels, and data of another length', () => {
    expect(() => toPixelValues({ data: new Uint8Array(0), width: 0, height: 0 }, spec)).toThrow(
      /image\.width must be an integer of at least 1, not 0/,
    );
    expect(() => toPixelValues({ ...image, data: image.data.subarray(1) }, spec)).toThrow(/has 47 bytes/);
  });
});
