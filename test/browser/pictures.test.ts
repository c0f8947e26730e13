import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { picture } from '../adapters/node/support.js';
import type { TestPage } from './page-helpers.js';
import { PICTURE_FORMS } from './picture-forms.js';
import { FOLDERS } from './site.js';
import { describeInBrowser } from './support.js';

declare const captioneer: TestPage['captioneer'];
declare const decoded: TestPage['decoded'];
declare const pictureForms: TestPage['pictureForms'];

const node = nodePlatform();
const FILES = readdirSync(FOLDERS['/pictures/']).filter((name) => /\.(jpg|png|webp|gif|avif)$/.test(name));

/** Decoders of the same format may round differently; those of PNG, GIF and lossless WebP have nothing to round. */
function tolerance(name: string): number {
  return /\.(jpg|avif)$/.test(name) ? 2 : 0;
}

/** The largest difference between a picture of the page and one of Node; infinite where their sizes differ. */
async function difference(
  found: { base64: string; width: number; height: number },
  source: string | Uint8Array,
  background: readonly [number, number, number] = [255, 255, 255],
): Promise<number> {
  const expected = await node.decodeImage(source, { background });
  if (found.width !== expected.width || found.height !== expected.height) return Infinity;
  return largestDifference(Buffer.from(found.base64, 'base64'), expected.data);
}

function largestDifference(found: Uint8Array, expected: ArrayLike<number>): number {
  let largest = found.length === expected.length ? 0 : Infinity;
  for (let at = 0; at < found.length; at += 1) largest = Math.max(largest, Math.abs(found[at]! - expected[at]!));
  return largest;
}

describeInBrowser('pictures in a browser have the pixels that they have in Node', ({ shared }) => {
  test.each(FILES)('%s', async (name) => {
    const page = await shared();
    const found = await page.evaluate((path) => decoded(path), `/pictures/${name}`);
    expect(await difference(found, picture(name))).toBeLessThanOrEqual(tolerance(name));
  });

  test('a photograph', async () => {
    const page = await shared();
    const found = await page.evaluate(() => decoded('/images/cat.jpg'));
    expect(await difference(found, `${FOLDERS['/images/']}/cat.jpg`)).toBeLessThanOrEqual(2);
  });

  test('alpha on every background, to the last bit', async () => {
    const page = await shared();
    const background = [200, 100, 31] as const;
    for (const name of ['alpha.png', 'alpha.webp', 'grey-alpha.png', 'palette-alpha.gif', 'rgba16.png']) {
      const found = await page.evaluate(([path, colour]) => decoded(path, { background: colour }), [
        `/pictures/${name}`,
        background,
      ] as const);
      expect(await difference(found, picture(name), background), name).toBe(0);
    }
  });

  test('every colour under every alpha', async () => {
    const page = await shared();
    const found = await page.evaluate(async () => {
      const data = new Uint8ClampedArray(256 * 256 * 4);
      for (let at = 0; at < 65_536; at += 1) data.set([at & 255, 255 - (at & 255), 77, at >> 8], at * 4);
      const bitmap = await createImageBitmap(new ImageData(data, 256, 256), { premultiplyAlpha: 'none' });
      return decoded(bitmap, { background: [200, 100, 31] });
    });
    const data = new Uint8Array(256 * 256 * 4);
    for (let at = 0; at < 65_536; at += 1) data.set([at & 255, 255 - (at & 255), 77, at >> 8], at * 4);
    const expected = await node.decodeImage({ data, width: 256, height: 256 }, { background: [200, 100, 31] });
    expect(largestDifference(Buffer.from(found.base64, 'base64'), expected.data)).toBe(0);
  });

  test('a picture that is larger than the canvas it is drawn on', async () => {
    const page = await shared();
    const isSame = await page.evaluate(async () => {
      const [width, height] = [3000, 1001];
      const data = new Uint8ClampedArray(width * height * 4);
      for (let at = 0; at < data.length; at += 1) data[at] = at % 4 === 3 ? 255 : (at * 2_654_435_761) >>> 13;
      const bitmap = await createImageBitmap(new ImageData(data, width, height));
      const { data: rgb } = await captioneer.webPlatform().decodeImage(bitmap);
      return rgb.every((byte, at) => byte === data[Math.floor(at / 3) * 4 + (at % 3)]);
    });
    expect(isSame).toBe(true);
  });
});

describeInBrowser('every form of a picture gives the same pixels', ({ shared }) => {
  const base64 = readFileSync(picture('alpha.png')).toString('base64');

  test.each(PICTURE_FORMS)('%s', async (form) => {
    const page = await shared();
    const found = await page.evaluate(
      async ([name, file]) => {
        const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
        return decoded(await pictureForms[name](bytes));
      },
      [form, base64] as const,
    );
    expect(await difference(found, picture('alpha.png'))).toBe(0);
  });
});
