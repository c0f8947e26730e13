import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { picture } from '../adapters/node/support.js';
import { bigEndian, png, type PngImage } from '../zoo/png.js';
import type { TestPage } from './page-helpers.js';
import { PICTURE_FORMS } from './picture-forms.js';
import { FOLDERS } from './site.js';
import { describeInBrowser } from './support.js';

declare const captioneer: TestPage['captioneer'];
declare const failure: TestPage['failure'];
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

describeInBrowser('colours told by tags are those of Node', ({ shared }) => {
  const ramp = (chunks: PngImage['chunks']): Buffer =>
    png({
      width: 16,
      height: 16,
      bitDepth: 8,
      colourType: 2,
      samples: (x, y) => [x * 17, y * 17, (x ^ y) * 17],
      chunks,
    });
  const cicp = (primaries: number, transfer: number): Buffer =>
    ramp([['cICP', Uint8Array.from([primaries, transfer, 0, 1])]]);
  const gamma = ramp([
    ['gAMA', bigEndian(100_000)],
    ['cHRM', bigEndian(31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)],
  ]);
  const avif = (primaries: number, transfer: number): Buffer => {
    const file = readFileSync(picture('gradient.avif'));
    const at = file.indexOf('nclx');
    file.writeUInt16BE(primaries, at + 4);
    file.writeUInt16BE(transfer, at + 6);
    return file;
  };

  test.each([
    ['PNG of gamma 1', gamma, 2],
    ['PNG of Display P3', cicp(12, 13), 2],
    ['PNG of BT.2020', cicp(9, 14), 2],
    ['PNG of PQ', cicp(9, 16), 1],
    ['PNG of HLG', cicp(9, 18), 1],
    ['AVIF of sRGB', avif(1, 13), 3],
    ['AVIF of Display P3', avif(12, 13), 3],
    ['AVIF of BT.2020', avif(9, 14), 3],
    // Steep curves make more of what decoders round differently.
    ['AVIF of PQ', avif(9, 16), 8],
    ['AVIF of HLG', avif(9, 18), 8],
  ])('%s', async (_what, file, levels) => {
    const page = await shared();
    const found = await page.evaluate(
      (base64) => decoded(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))),
      file.toString('base64'),
    );
    expect(await difference(found, file)).toBeLessThanOrEqual(levels);
  });
});

describeInBrowser('images of other kinds', ({ shared }) => {
  test('a white logo is on black, as in Node', async () => {
    const page = await shared();
    const samples = (x: number): number[] => [255, x === 3 ? 255 : 0];
    const file = png({ width: 8, height: 8, bitDepth: 8, colourType: 4, samples });
    const found = await page.evaluate(
      (base64) => decoded(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))),
      file.toString('base64'),
    );
    expect([...Buffer.from(found.base64, 'base64').subarray(6, 12)]).toEqual([0, 0, 0, 255, 255, 255]);
  });

  test('HEIC is an error that says so, and so is a side that is too long', async () => {
    const page = await shared();
    const heic = readFileSync(picture('quarters.heic')).toString('base64');
    const found = await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const long = { data: new Uint8Array(70_000), width: 70_000, height: 1 };
      const platform = captioneer.webPlatform();
      return [await failure(platform.decodeImage(bytes)), await failure(platform.decodeImage(long))];
    }, heic);
    expect(found[0]).toMatchObject({ code: 'IMAGE_UNREADABLE' });
    expect(found[0]!.message).toMatch(/this is a HEIC image, which this browser does not decode/);
    expect(found[1]).toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  test('a Response', async () => {
    const page = await shared();
    const found = await page.evaluate(async () => decoded(await fetch('/pictures/quarters.png')));
    expect(await difference(found, picture('quarters.png'))).toBe(0);
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
