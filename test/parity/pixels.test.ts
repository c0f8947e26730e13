import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ImageSpec, ResampleFilter } from '../../src/core/image-spec.js';
import type { RawImage } from '../../src/core/raw-image.js';
import { resample, toPixelValues } from '../../src/preprocess/index.js';

/*
 * The reference is Pillow's own output, recorded by `python -m captioneer_training.record_pixels`; index.json names the
 * version. Neither Python nor Pillow is needed here.
 */

interface Part {
  readonly offset: number;
  readonly length: number;
}

interface Recording {
  readonly recordedWith: Readonly<Record<string, string>>;
  readonly images: readonly (Part & { name: string; width: number; height: number })[];
  readonly resamples: readonly (Part & {
    image: string;
    width: number;
    height: number;
    filter: ResampleFilter;
    box?: [left: number, top: number, right: number, bottom: number];
  })[];
  readonly pixelValues: readonly (Part & { image: string; spec: ImageSpec })[];
}

function read(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/pixels/${name}`, import.meta.url));
}

function slice(bytes: Buffer, { offset, length }: Part): Uint8Array {
  return new Uint8Array(bytes.subarray(offset, offset + length));
}

const recording = JSON.parse(read('index.json').toString('utf8')) as Recording;
const imageBytes = read('images.bin');
const resampledBytes = read('resampled.bin');
const valueBytes = read('pixel-values.bin');

function source(name: string): RawImage {
  const entry = recording.images.find((image) => image.name === name);
  if (entry === undefined) throw new Error(`The recording has no image "${name}".`);
  return { data: slice(imageBytes, entry), width: entry.width, height: entry.height };
}

function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] ?? NaN) - (b[i] ?? NaN)));
  return most;
}

describe(`resample equals Pillow ${recording.recordedWith.pillow ?? ''}`, () => {
  for (const entry of recording.resamples) {
    const { width, height, filter, box } = entry;
    const part = box === undefined ? '' : ` [${box.join(', ')}]`;
    it(`${filter}: ${entry.image}${part} to ${width}×${height}`, () => {
      const options =
        box === undefined
          ? {}
          : { box: { left: box[0], top: box[1], width: box[2] - box[0], height: box[3] - box[1] } };
      const result = resample(source(entry.image), width, height, filter, options);
      expect(maxDifference(result.data, slice(resampledBytes, entry))).toBe(0);
    });
  }
});

describe('toPixelValues equals resize, crop or pad, and normalise in Python', () => {
  for (const entry of recording.pixelValues) {
    const { spec } = entry;
    it(`${spec.resize} (${spec.resample}): ${entry.image} to ${spec.width}×${spec.height}`, () => {
      const tensor = toPixelValues(source(entry.image), spec);
      const expected = new Float32Array(slice(valueBytes, entry).buffer);
      expect(tensor.dims).toEqual([1, 3, spec.height, spec.width]);
      // Python rounds to float32 after each step, this library once. A pixel off by one would differ by 0.01 or more.
      expect(maxDifference(tensor.data, expected)).toBeLessThan(1e-6);
    });
  }
});
