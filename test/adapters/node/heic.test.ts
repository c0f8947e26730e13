import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { colourAt, distance, failure, picture, quarters, type Rgb } from './support.js';

const platform = nodePlatform();
const UPRIGHT: Rgb[] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
];

describe('HEIC, by the optional package', () => {
  test('a file', async () => {
    const image = await platform.decodeImage(picture('quarters.heic'));
    expect([image.width, image.height]).toEqual([48, 32]);
    expect(distance(quarters(image), UPRIGHT)).toBeLessThanOrEqual(2);
  });

  test('converted as its profile says', async () => {
    const [red, green, blue, white] = UPRIGHT as [Rgb, Rgb, Rgb, Rgb];
    const image = await platform.decodeImage(picture('swapped-profile.heic'));
    expect(distance(quarters(image), [blue, green, red, white])).toBeLessThanOrEqual(3);
  });

  test('converted as its code points say', async () => {
    const file = await readFile(picture('quarters.heic'));
    const at = file.indexOf('nclx');
    expect(at).toBeGreaterThan(0);
    file.writeUInt16BE(12, at + 4); // Display P3, whose white is that of sRGB and whose red is redder
    const image = await platform.decodeImage(file);
    expect(distance(quarters(image), UPRIGHT)).toBeLessThanOrEqual(2);
  });

  test('alpha', async () => {
    const image = await platform.decodeImage(picture('alpha.heic'), { background: [9, 9, 9] });
    expect(colourAt(image, 25, 10)).toEqual([9, 9, 9]);
    expect(distance([colourAt(image, 25, 90)], [[0, 0, 255]])).toBeLessThanOrEqual(2);
  });

  test('too many pixels, before they are decoded', async () => {
    const error = await failure(platform.decodeImage(picture('quarters.heic'), { maxPixels: 1535 }));
    expect(error).toMatchObject({ name: 'ImageTooLargeError', pixels: 1536 });
  });

  test('damage', async () => {
    const file = await readFile(picture('quarters.heic'));
    const error = await failure(platform.decodeImage(file.subarray(0, file.length / 2)));
    expect(error).toMatchObject({ name: 'ImageUnreadableError' });
    expect(error.message).toMatch(/cut short|damaged/);
  });

  test('an abort ends the decoder', async () => {
    const controller = new AbortController();
    const failing = failure(platform.decodeImage(picture('quarters.heic'), { signal: controller.signal }));
    setTimeout(() => {
      controller.abort('enough');
    }, 20);
    expect(await failing).toBe('enough');
  });
});

describe('HEIC without the package', () => {
  afterEach(() => {
    vi.doUnmock('node:module');
    vi.resetModules();
  });

  test('is an error that names it', async () => {
    vi.resetModules();
    vi.doMock('node:module', () => ({
      createRequire: () => ({
        resolve: () => {
          throw new Error('Cannot find module');
        },
      }),
    }));
    const { nodePlatform: fresh } = await import('../../../src/adapters/node/index.js');
    const error = await failure(fresh().decodeImage(picture('quarters.heic')));
    expect(error).toMatchObject({ name: 'ImageUnreadableError' });
    expect(error.message).toMatch(/this is a HEIC image, which needs the package "heic-decode"\. Run "npm install/);
  });
});
