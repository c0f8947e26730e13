import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { turnUpright } from '../../../src/adapters/web/images/turn-upright.js';
import { takeWebpOrientation } from '../../../src/adapters/web/images/webp-orientation.js';

/** A WebP file without loss, of six pixels, no two of which are the same. */
function webp(orientation: number): Promise<Buffer> {
  const data = Uint8Array.from({ length: 18 }, (_, index) => index * 14);
  const raw = { width: 3, height: 2, channels: 3 } as const;
  return sharp(data, { raw }).webp({ lossless: true }).withMetadata({ orientation }).toBuffer();
}

describe('the orientation of a WebP file', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    '%i: taken out of it, its pixels turn to where they belong',
    async (orientation) => {
      const file = await webp(orientation);
      const taken = takeWebpOrientation(file);
      expect(taken.orientation).toBe(orientation);
      expect((await sharp(taken.bytes).metadata()).orientation).toBe(1);
      expect((await sharp(file).metadata()).orientation).toBe(orientation);
      const pixels = await nodePlatform().decodeImage(taken.bytes);
      const { data, width, height } = await nodePlatform().decodeImage(file);
      const turned = turnUpright({ ...pixels, channels: 3 }, orientation);
      expect([turned.width, turned.height, [...turned.data]]).toEqual([width, height, [...data]]);
    },
  );

  test('of a file cut short, or of another kind, is left', async () => {
    const file = await webp(6);
    for (let length = 0; length < file.length; length += 1) {
      expect(takeWebpOrientation(file.subarray(0, length)).bytes.length).toBe(length);
    }
    const jpeg = await sharp({ create: { width: 2, height: 1, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    expect(takeWebpOrientation(jpeg)).toEqual({ bytes: jpeg, orientation: 1 });
  });
});
