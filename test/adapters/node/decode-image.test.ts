import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { colourAt, distance, picture, quarters, type Rgb } from './support.js';

const platform = nodePlatform();
const RED: Rgb = [255, 0, 0];
const GREEN: Rgb = [0, 255, 0];
const BLUE: Rgb = [0, 0, 255];
const WHITE: Rgb = [255, 255, 255];
const UPRIGHT = [RED, GREEN, BLUE, WHITE];

describe('formats', () => {
  test.each(['jpg', 'png', 'webp', 'gif', 'tif', 'avif'])('%s', async (extension) => {
    const image = await platform.decodeImage(picture(`quarters.${extension}`));
    expect([image.width, image.height]).toEqual([48, 32]);
    expect(image.data).toHaveLength(48 * 32 * 3);
    expect(distance(quarters(image), UPRIGHT)).toBeLessThanOrEqual(2);
  });

  test.each(['quarters-progressive.jpg', 'palette.png'])('%s', async (name) => {
    expect(distance(quarters(await platform.decodeImage(picture(name))), UPRIGHT)).toBeLessThanOrEqual(2);
  });

  test.each(['grey.png', 'grey.jpg'])('%s becomes three equal channels', async (name) => {
    const found = quarters(await platform.decodeImage(picture(name)));
    const expected = [76, 150, 29, 255].map((level): Rgb => [level, level, level]);
    expect(distance(found, expected)).toBeLessThanOrEqual(1);
  });

  test('one bit a pixel becomes black and white', async () => {
    const { data } = await platform.decodeImage(picture('one-bit.png'));
    expect(new Set(data)).toEqual(new Set([0, 255]));
  });

  test.each(['gif', 'webp', 'png', 'avif'])('of an animated %s the first frame', async (extension) => {
    const image = await platform.decodeImage(picture(`animated.${extension}`));
    expect([image.width, image.height]).toEqual([8, 8]);
    expect(distance([colourAt(image, 50, 50)], [RED])).toBeLessThanOrEqual(1);
  });

  test('a picture of one pixel', async () => {
    const pixel = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#123456' } })
      .png()
      .toBuffer();
    const image = await platform.decodeImage(pixel);
    expect(image).toEqual({ width: 1, height: 1, data: new Uint8Array([0x12, 0x34, 0x56]) });
  });

  test('the same pixels as the decoder gives bare', async () => {
    const bytes = await readFile(picture('quarters.jpg'));
    const { data } = await platform.decodeImage(bytes);
    expect(Buffer.from(data).equals(await sharp(bytes).raw().toBuffer())).toBe(true);
  });
});

describe('EXIF orientation', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('%i', async (orientation) => {
    const image = await platform.decodeImage(picture(`orientation-${orientation}.jpg`));
    expect([image.width, image.height]).toEqual([48, 32]);
    expect(distance(quarters(image), UPRIGHT)).toBeLessThanOrEqual(2);
  });

  test.each(['png', 'webp', 'tif', 'avif'])('in %s', async (extension) => {
    const image = await platform.decodeImage(picture(`orientation-6.${extension}`));
    expect([image.width, image.height]).toEqual([48, 32]);
    expect(distance(quarters(image), UPRIGHT)).toBeLessThanOrEqual(2);
  });
});

describe('inks', () => {
  const colours: Rgb[] = [
    [0, 255, 255],
    [255, 0, 255],
    [255, 255, 0],
    [64, 64, 64],
  ];

  test.each(['cmyk-adobe.jpg', 'cmyk-unmarked.jpg', 'cmyk.tif'])(
    '%s without a profile as browsers do',
    async (name) => {
      expect(distance(quarters(await platform.decodeImage(picture(name))), colours)).toBeLessThanOrEqual(1);
    },
  );

  test('with a profile as that says', async () => {
    const bytes = await sharp(picture('quarters.png'))
      .toColourspace('cmyk')
      .withIccProfile('cmyk')
      .jpeg({ quality: 95 })
      .toBuffer();
    const found = quarters(await platform.decodeImage(bytes));
    expect(distance(found, quarters({ data: await sharp(bytes).raw().toBuffer(), width: 48, height: 32 }))).toBe(0);
    expect(distance(found.slice(3), [WHITE])).toBeLessThanOrEqual(3);
  });
});

describe('alpha', () => {
  const pink: Rgb = [255, 127, 127];

  test.each(['alpha.png', 'alpha.webp', 'alpha.tif', 'palette-alpha.png'])(
    '%s on white, nothing hidden shows',
    async (name) => {
      const image = await platform.decodeImage(picture(name));
      expect([15, 50, 85].map((left) => colourAt(image, left, 50))).toEqual([RED, pink, WHITE]);
    },
  );

  test('on a stated background', async () => {
    const image = await platform.decodeImage(picture('alpha.png'), { background: [0, 0, 255] });
    expect([15, 50, 85].map((left) => colourAt(image, left, 50))).toEqual([RED, [128, 0, 127], BLUE]);
  });

  test('a transparent colour of a GIF', async () => {
    const image = await platform.decodeImage(picture('palette-alpha.gif'));
    expect(colourAt(image, 85, 50)).toEqual(WHITE);
  });

  test('grey with alpha', async () => {
    const image = await platform.decodeImage(picture('grey-alpha.png'));
    expect([15, 50, 85].map((left) => colourAt(image, left, 50)[0])).toEqual([0, 127, 255]);
  });
});

describe('16 bits a channel', () => {
  async function pixels(name: string): Promise<number[]> {
    const { data } = await platform.decodeImage(picture(name));
    return [...data.subarray(0, 12)];
  }
  const rgb = [0, 255, 0, 64, 128, 0, 128, 64, 0, 255, 0, 0];

  test('grey', async () => {
    expect(await pixels('grey16.png')).toEqual([0, 0, 0, 64, 64, 64, 128, 128, 128, 255, 255, 255]);
  });

  test('grey with alpha', async () => {
    const levels = [0, 64, 128, 255].map((level) => Math.round((level * 128 + 255 * 127) / 255));
    expect(await pixels('grey-alpha16.png')).toEqual(levels.flatMap((level) => [level, level, level]));
  });

  test('colours', async () => {
    expect(await pixels('rgb16.png')).toEqual(rgb);
  });

  test('colours with alpha', async () => {
    expect(await pixels('rgba16.png')).toEqual(rgb.map((level) => Math.round((level * 128 + 255 * 127) / 255)));
  });

  test('colours with the profile of sRGB', async () => {
    expect(await pixels('rgb16-srgb-profile.png')).toEqual(rgb);
  });

  test('colours with another profile', async () => {
    const swapped = [0, 255, 0, 0, 128, 64, 0, 64, 128, 0, 0, 255];
    expect(await pixels('rgb16-swapped-profile.png')).toEqual(swapped);
  });

  test.each([10, 12] as const)('AVIF of %i bits', async (bitdepth) => {
    const bytes = await sharp(picture('quarters.png'))
      .avif({ bitdepth, quality: 90, chromaSubsampling: '4:4:4' })
      .toBuffer();
    expect(distance(quarters(await platform.decodeImage(bytes)), UPRIGHT)).toBeLessThanOrEqual(2);
  });
});

describe('colour profiles', () => {
  test('the profile of sRGB changes nothing', async () => {
    const [plain, profiled] = await Promise.all(
      ['quarters.jpg', 'srgb-profile.jpg'].map((name) => platform.decodeImage(picture(name))),
    );
    expect(profiled).toEqual(plain);
  });

  test.each(['swapped-profile.jpg', 'swapped-profile.png'])('%s is converted to sRGB', async (name) => {
    const found = quarters(await platform.decodeImage(picture(name)));
    expect(distance(found, [BLUE, GREEN, RED, WHITE])).toBeLessThanOrEqual(2);
  });

  test('a broken profile is ignored', async () => {
    expect(quarters(await platform.decodeImage(picture('broken-profile.png')))).toEqual(UPRIGHT);
  });
});
