import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { floats, tiff, type TiffImage } from '../../zoo/tiff.js';
import { failure } from './support.js';

const platform = nodePlatform();
const GREY = { width: 4, height: 1, photometric: 1, samplesPerPixel: 1 };
const COLOURS = { width: 2, height: 1, photometric: 2, bits: 8 };

async function pixels(image: TiffImage): Promise<number[]> {
  return [...(await platform.decodeImage(tiff(image))).data];
}

describe('floats from 0 to 1', () => {
  const grey = { ...GREY, bits: 32, sampleFormat: 3, data: floats([0, 0.2, 0.5, 1]) };

  test('grey', async () => {
    expect(await pixels(grey)).toEqual([0, 51, 128, 255].flatMap((level) => [level, level, level]));
  });

  test('grey, with white as zero', async () => {
    const expected = [255, 204, 128, 0].flatMap((level) => [level, level, level]);
    expect(await pixels({ ...grey, photometric: 0 })).toEqual(expected);
  });

  test('colours, scaled as grey is', async () => {
    const data = floats([0, 0.2, 1, 1, 0.4, 0.6]);
    expect(await pixels({ ...COLOURS, bits: 32, sampleFormat: 3, samplesPerPixel: 3, data })).toEqual([
      0, 51, 255, 255, 102, 153,
    ]);
  });

  test.each([
    ['beyond 1', [0, 0.5, 1, 42]],
    ['below 0', [-0.5, 0.5, 1, 1]],
    ['that are no numbers', [0, NaN, 1, 1]],
  ])('others are refused: %s', async (_what, values) => {
    const error = await failure(platform.decodeImage(tiff({ ...grey, data: floats(values) })));
    expect(error.message).toMatch(/TIFF with floats beyond 0 … 1 .* Save it with 8 or 16 bits a channel\.$/);
  });
});

describe('samples that are no colours are refused', () => {
  test.each([
    ['signed or complex samples of 8 bits', 8, 2],
    ['signed or complex samples of 16 bits', 16, 2],
    ['signed or complex samples of 32 bits', 32, 2],
    ['integers of 32 bits', 32, 1],
    ['floats of 16 bits', 16, 3],
    ['floats of 64 bits', 64, 3],
    ['signed or complex samples of 64 bits', 64, 6],
  ])('%s', async (what, bits, sampleFormat) => {
    const data = new Uint8Array((4 * bits) / 8).fill(7);
    const error = await failure(platform.decodeImage(tiff({ ...GREY, bits, sampleFormat, data })));
    expect(error).toMatchObject({ name: 'ImageUnreadableError' });
    expect(error.message).toContain(`TIFF with ${what}, which have no plain meaning`);
    expect(error.message).not.toMatch(/download/);
  });

  test.each([
    ['a sensor', { photometric: 32803 }],
    ['the preview of a DNG', { photometric: 2, samplesPerPixel: 3, fields: [[50706, [1, 4]]] as const }],
  ])('a raw photo, by %s', async (_what, fields) => {
    const image = { ...GREY, bits: 8, data: new Uint8Array(12), ...fields };
    const error = await failure(platform.decodeImage(tiff(image)));
    expect(error.message).toMatch(/this is a camera's raw photo .*Give a JPEG/);
  });
});

describe('samples beyond the colours', () => {
  const RED = [255, 64, 0];
  const image = (extraSamples: readonly number[], ...extras: readonly (readonly number[])[]): TiffImage => ({
    ...COLOURS,
    samplesPerPixel: 3 + extraSamples.length,
    extraSamples,
    data: Uint8Array.from(extras.flatMap((extra) => [...RED, ...extra])),
  });

  test.each([
    ['alpha', [2], [[255], [0]], [...RED, 255, 255, 255]],
    ['a saved selection', [0], [[255], [0]], [...RED, ...RED]],
    ['alpha, then a saved selection', [2, 0], [[255, 17], [0, 17]], [...RED, 255, 255, 255]], // prettier-ignore
    ['a saved selection, then alpha', [0, 2], [[17, 255], [17, 0]], [...RED, 255, 255, 255]], // prettier-ignore
    ['two saved selections', [0, 0], [[17, 255], [17, 0]], [...RED, ...RED]], // prettier-ignore
  ])('%s', async (_what, kinds, extras, expected) => {
    expect(await pixels(image(kinds, ...extras))).toEqual(expected);
  });

  test('of 16 bits', async () => {
    const { data, ...rest } = image([2, 0], [255, 17], [0, 17]);
    const wide = new Uint8Array(Uint16Array.from(data, (level) => level * 257).buffer);
    expect(await pixels({ ...rest, bits: 16, data: wide })).toEqual([...RED, 255, 255, 255]);
  });

  test('of grey', async () => {
    const data = Uint8Array.from([10, 255, 99, 20, 0, 99]);
    const grey = { ...GREY, width: 2, bits: 8, samplesPerPixel: 3, extraSamples: [2, 0], data };
    expect(await pixels(grey)).toEqual([10, 10, 10, 255, 255, 255]);
  });

  test('premultiplied alpha among others is refused', async () => {
    const error = await failure(platform.decodeImage(tiff(image([1, 0], [255, 1], [255, 1]))));
    expect(error.message).toMatch(/premultiplied alpha among other channels/);
  });
});

test('a TIFF that is cut before its directory, or among its pixels, is cut short', async () => {
  const whole = tiff({ ...COLOURS, samplesPerPixel: 3, width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) });
  const moved = Buffer.concat([whole.subarray(0, 8), Buffer.alloc(5000), whole.subarray(8)]);
  moved.writeUInt32LE(5008, 4);
  for (const bytes of [whole.subarray(0, 6000), moved.subarray(0, 4000)]) {
    expect((await failure(platform.decodeImage(bytes))).message).toMatch(/the image is cut short/);
  }
});
