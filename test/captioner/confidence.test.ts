import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { createRandom } from '../../src/search/random.js';
import { Captioner } from '../../src/index.js';
import { repositoryPath } from '../parity/recorded-models.js';

/** 95 % of the photographs of Flickr8k's dev split have more, with the embedded model (`training/README.md`, confidence). */
const LITTLE = 0.22;
const SIDE = 320;
const captioner = await Captioner.load();
afterAll(() => captioner.dispose());

const confidenceIn = async (picture: string | Buffer): Promise<number> =>
  (await captioner.caption(picture)).confidence as number;

/** A picture whose bytes are drawn one by one. */
function draw(byte: (random: () => number) => number): Promise<Buffer> {
  const random = createRandom(1, 0);
  const data = Uint8Array.from({ length: 3 * SIDE * SIDE }, () => byte(random));
  return sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer();
}

function page(): Promise<Buffer> {
  const words = 'Twelve boats lay at the quay when the market opened, and nobody knew whose they were.';
  const lines = Array.from(
    { length: 16 },
    (_, line) => `<text x="16" y="${line * 18 + 28}">${words.slice(line)}</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" font-size="12"><rect width="100%" height="100%" fill="#faf8f4"/>${lines.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

test.each<[string, () => Promise<Buffer>]>([
  ['noise', () => draw((random) => 256 * random())],
  ['a blank wall', () => draw((random) => 178 + 6 * random())],
  ['one colour', () => draw(() => 90)],
  ['a page of text', page],
])('%s gets less confidence than nearly every photograph', async (_, picture) => {
  expect(await confidenceIn(await picture())).toBeLessThan(LITTLE);
});

test.each(['cat.jpg', 'coffee.jpg'])('%s gets more', async (name) => {
  expect(await confidenceIn(repositoryPath(`docs/images/${name}`))).toBeGreaterThan(LITTLE);
});
