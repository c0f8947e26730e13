import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';

const WIDTH = 1601;
const HEIGHT = 1203;

describe('shrinkToSide', () => {
  const platform = nodePlatform();
  let pixels: Buffer;
  beforeAll(async () => {
    // Smooth, with a mark in the top left corner, so that sizes, orientation and colours can be told.
    const data = Buffer.alloc(WIDTH * HEIGHT * 3);
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1) {
        data.set([(255 * x) / WIDTH, (255 * y) / HEIGHT, x < 400 && y < 400 ? 255 : 0], (y * WIDTH + x) * 3);
      }
    }
    pixels = data;
  });

  const file = (format: 'jpeg' | 'png', orientation = 1): Promise<Buffer> =>
    sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .withMetadata({ orientation })
      .toFormat(format)
      .toBuffer();

  it.each([
    [undefined, 1],
    [1204, 1],
    [601, 2],
    [602, 1],
    [300, 4],
    [64, 8],
  ])('%s: the size divided by %s', async (shrinkToSide, factor) => {
    const { width, height } = await platform.decodeImage(await file('jpeg'), shrinkToSide ? { shrinkToSide } : {});
    expect([width, height]).toEqual([Math.ceil(WIDTH / factor), Math.ceil(HEIGHT / factor)]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is upright in orientation %s', async (orientation) => {
    const bytes = await file('jpeg', orientation);
    const whole = await platform.decodeImage(bytes);
    const small = await platform.decodeImage(bytes, { shrinkToSide: 300 });
    expect([small.width, small.height]).toEqual([Math.ceil(whole.width / 4), Math.ceil(whole.height / 4)]);
    // Away from the edges of the mark, where colours are smooth.
    for (const [shareX, shareY] of [
      [0.1, 0.1],
      [0.9, 0.1],
      [0.1, 0.9],
      [0.9, 0.9],
      [0.5, 0.6],
    ] as const) {
      const at = ({ width, height }: { width: number; height: number }): number =>
        (Math.floor(shareY * height) * width + Math.floor(shareX * width)) * 3;
      for (const channel of [0, 1, 2]) {
        const difference = whole.data[at(whole) + channel]! - small.data[at(small) + channel]!;
        expect(Math.abs(difference)).toBeLessThan(6);
      }
    }
  });

  it('leaves other formats as they are', async () => {
    expect(await platform.decodeImage(await file('png'), { shrinkToSide: 64 })).toMatchObject({ width: WIDTH });
  });

  it('is a whole number', async () => {
    await expect(platform.decodeImage(await file('png'), { shrinkToSide: 0 })).rejects.toThrow(
      /shrinkToSide must be an integer of at least 1/,
    );
  });
});
