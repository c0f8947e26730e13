import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { isSrgbProfile } from '../../../src/adapters/node/images/srgb-profile.js';
import { picture } from './support.js';

async function profileOf(image: string | Buffer): Promise<Uint8Array> {
  const { icc } = await sharp(image).metadata();
  return icc as Buffer;
}

describe('isSrgbProfile', () => {
  test('parametric curves, as littleCMS writes them', async () => {
    expect(isSrgbProfile(await profileOf(picture('srgb-profile.jpg')))).toBe(true);
  });

  test('the profile that sharp embeds', async () => {
    expect(
      isSrgbProfile(await profileOf(await sharp(picture('quarters.png')).withIccProfile('srgb').png().toBuffer())),
    ).toBe(true);
  });

  test.each(['p3', 'cmyk'])('%s', async (name) => {
    const bytes = await sharp(picture('quarters.png'))
      .toColourspace(name === 'cmyk' ? 'cmyk' : 'srgb')
      .withIccProfile(name)
      .jpeg()
      .toBuffer();
    expect(isSrgbProfile(await profileOf(bytes))).toBe(false);
  });

  test('exchanged channels', async () => {
    expect(isSrgbProfile(await profileOf(picture('swapped-profile.jpg')))).toBe(false);
  });

  test('another tone curve', async () => {
    const icc = Uint8Array.from(await profileOf(picture('srgb-profile.jpg')));
    const curve = Buffer.from(icc.buffer).indexOf('para');
    new DataView(icc.buffer).setInt32(curve + 12, 2.2 * 65536);
    expect(isSrgbProfile(icc)).toBe(false);
  });

  test('whatever is cut off, it never throws', async () => {
    const icc = await profileOf(picture('srgb-profile.jpg'));
    for (let length = 0; length < icc.length - 40; length += 1)
      expect(isSrgbProfile(icc.subarray(0, length))).toBe(false);
  });
});
