import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { Captioner, type ImageSource } from '../../src/index.js';
import { plain, scrambled } from '../preprocess/pictures.js';
import { picture } from './pictures.js';

/** 95 % of the photographs of the dev splits have more, with the default model (`training/README.md`, confidence). */
const LITTLE = 0.19;
const SIDE = 320;
const captioner = await Captioner.load();
afterAll(() => captioner.dispose());

const noise = scrambled(SIDE, SIDE);

const confidenceIn = async (image: ImageSource): Promise<number> =>
  (await captioner.caption(image)).confidence as number;

function page(): Promise<Buffer> {
  const words = 'Twelve boats lay at the quay when the market opened, and nobody knew whose they were.';
  const lines = Array.from(
    { length: 16 },
    (_, line) => `<text x="16" y="${line * 18 + 28}">${words.slice(line)}</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" font-size="12"><rect width="100%" height="100%" fill="#faf8f4"/>${lines.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

test.each<[string, ImageSource]>([
  ['noise', noise],
  ['a blank wall', { ...noise, data: noise.data.map((byte) => 178 + (6 * byte) / 256) }],
  ['one colour', plain(SIDE, SIDE, [90, 90, 90])],
  ['a page of text', await page()],
])('%s gets less confidence than nearly every photograph', async (_, image) => {
  expect(await confidenceIn(image)).toBeLessThan(LITTLE);
});

test.each(['cat', 'coffee'])('%s gets more', async (name) => {
  expect(await confidenceIn(picture(name))).toBeGreaterThan(LITTLE);
});
