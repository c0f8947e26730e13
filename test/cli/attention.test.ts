import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImageSpec } from '../../src/core/index.js';
import { run } from '../../src/cli/run.js';
import type { CaptionResult } from '../../src/index.js';
import { fakeIo, sentence, type FakeOptions } from './fake-io.js';

const REGIONS = { rows: 2, columns: 2 };
const SPEC: ImageSpec = {
  width: 8,
  height: 8,
  resize: 'squash',
  resample: 'bilinear',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'captioneer-attention-'));
  const grey = sharp({ create: { width: 80, height: 40, channels: 3, background: '#808080' } });
  await grey.png().toFile(join(folder, 'one.png'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A caption whose words look at one region each. */
function looking(words: readonly (readonly [text: string, attention: number[] | undefined])[]): CaptionResult {
  return {
    ...sentence('photo'),
    text: words.map(([text]) => text).join(' '),
    words: words.map(([text, shares]) => ({
      text,
      logProb: -1,
      ...(shares && { attention: Float32Array.from(shares) }),
    })),
  };
}

const TOP_RIGHT = [0, 1, 0, 0];
const BOTTOM_LEFT = [0, 0, 1, 0];

async function draw(args: readonly string[], options: FakeOptions) {
  const given = { manifest: { regions: REGIONS }, ...options };
  const { io, calls, stderr } = fakeIo(given);
  const code = await run(['--attention', join(folder, 'maps'), ...args], io);
  return { code, calls, stderr: stderr.text };
}

/** Red, green and blue of a pixel, by its place in shares of the image. */
async function pixelAt(file: string, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  const at = info.channels * (Math.floor(y * info.height) * info.width + Math.floor(x * info.width));
  return [...data.subarray(at, at + 3)];
}

it('draws a map for each word, bright where the model looked, and a sheet', async () => {
  const { code, calls, stderr } = await draw([join(folder, 'one.png')], {
    caption: () => looking([['A', TOP_RIGHT], ['cat/dog.', BOTTOM_LEFT]]), // prettier-ignore
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(calls.captioned[0]?.options.attention).toBe(true);
  // The model and the drawing have the same pixels.
  expect(calls.captioned[0]?.image).toMatchObject({ width: 80, height: 40 });
  const [name] = readdirSync(join(folder, 'maps'));
  const maps = join(folder, 'maps', name!);
  expect(readdirSync(maps).sort()).toEqual(['01-A.png', '02-cat-dog.png', 'sheet.png']);
  const [bright = 0] = await pixelAt(join(maps, '01-A.png'), 0.95, 0.05);
  const [dark = 0] = await pixelAt(join(maps, '01-A.png'), 0.05, 0.95);
  expect(bright).toBeGreaterThan(200);
  expect(dark).toBeLessThan(100);
  const [other = 0] = await pixelAt(join(maps, '02-cat-dog.png'), 0.05, 0.95);
  expect(other).toBeGreaterThan(200);
});

it('draws only over the part of an image that the model sees', async () => {
  await draw([join(folder, 'one.png')], {
    manifest: { regions: REGIONS, image: { ...SPEC, resize: 'shortest-edge-crop', shortestEdge: 8 } },
    caption: () => looking([['a', TOP_RIGHT]]),
  });
  const map = join(folder, 'maps', readdirSync(join(folder, 'maps'))[0]!, '01-a.png');
  expect(await pixelAt(map, 0.1, 0.5)).toEqual([128, 128, 128]);
  expect(await pixelAt(map, 0.9, 0.5)).toEqual([128, 128, 128]);
  expect((await pixelAt(map, 0.7, 0.1))[0]).toBeGreaterThan(200);
});

it('draws over the whole image if the model sees a border around it', async () => {
  await draw([join(folder, 'one.png')], {
    manifest: { regions: REGIONS, image: { ...SPEC, resize: 'pad' } },
    caption: () => looking([['a', TOP_RIGHT]]),
  });
  const map = join(folder, 'maps', readdirSync(join(folder, 'maps'))[0]!, '01-a.png');
  expect((await sharp(map).metadata()).width).toBe(480);
  expect((await pixelAt(map, 0.99, 0.01))[0]).toBeGreaterThan(150);
  expect((await pixelAt(map, 0.01, 0.99))[0]).toBeLessThan(100);
});

it('draws the boxes that a word looked at', async () => {
  const box = { x: 20, y: 10, width: 40, height: 20 };
  const unseen = { x: 0, y: 0, width: 10, height: 10 };
  const result = looking([['dog', [0.25, 0.25, 0.25, 0.25]]]);
  await draw([join(folder, 'one.png')], {
    caption: () => ({
      ...result,
      words: result.words.map((word) => ({ ...word, regionAttention: Float32Array.of(0.6, 0.01) })),
      regions: [
        { box, label: 'dog', score: 0.9 },
        { box: unseen, label: 'cat', score: 0.8 },
      ],
    }),
  });
  const map = join(folder, 'maps', readdirSync(join(folder, 'maps'))[0]!, '01-dog.png');
  const inside = await pixelAt(map, 0.4, 0.5);
  expect(await pixelAt(map, 0.4, 0.75)).not.toEqual(inside); // the lower edge
  expect(await pixelAt(map, 0.05, 0.25)).toEqual(inside); // that of the other box
});

it('gives images whose names are alike folders of their own', async () => {
  const names = ['a/b.png', 'a-b.png', 'A-B.png', '../a-b.png'];
  const list = join(folder, 'list.txt');
  writeFileSync(list, names.join('\n'));
  const data = `data:image/png;base64,${(await sharp(join(folder, 'one.png')).toBuffer()).toString('base64')}`;
  const { AttentionFolder } = await import('../../src/cli/attention/attention-folder.js');
  const { io } = fakeIo({ manifest: { regions: REGIONS } });
  const maps = new AttentionFolder(join(folder, 'maps'), await io.loadCaptioner(undefined, {}));
  const pixels = await maps.decode(data, {});
  for (const name of [...names, ...names]) await maps.write(name, pixels, looking([['a', TOP_RIGHT]]));
  const folders = readdirSync(join(folder, 'maps'));
  expect(new Set(folders.map((name) => name.toLowerCase())).size).toBe(4);
  expect(existsSync(join(folder, 'maps', 'a-b.png', 'sheet.png'))).toBe(true);
});

it('removes the words of an earlier run, and nothing else', async () => {
  const captions = [
    looking([['a', TOP_RIGHT], ['cat', TOP_RIGHT]]), // prettier-ignore
    looking([['dogs', TOP_RIGHT], ['', undefined]]), // prettier-ignore
  ];
  await draw([join(folder, 'one.png')], { caption: () => captions[0]! });
  const maps = join(folder, 'maps', readdirSync(join(folder, 'maps'))[0]!);
  writeFileSync(join(maps, 'notes.txt'), 'mine');
  await draw([join(folder, 'one.png')], { caption: () => captions[1]! });
  expect(readdirSync(maps).sort()).toEqual(['01-dogs.png', 'notes.txt', 'sheet.png']);
});

it('refuses a model that does not tell its attention, before an image is captioned', async () => {
  const { io, calls, stderr } = fakeIo();
  expect(await run(['--attention', join(folder, 'maps'), 'one.png'], io)).toBe(2);
  expect(stderr.text).toMatch(/--attention: this model does not return attention .* --model/);
  expect(calls).toMatchObject({ captioned: [], disposed: 1 });
  expect(existsSync(join(folder, 'maps'))).toBe(false);
});

it('ends if the folder cannot be written', async () => {
  writeFileSync(join(folder, 'maps'), 'a file');
  const { code, stderr } = await draw([join(folder, 'one.png')], { caption: () => looking([['a', TOP_RIGHT]]) });
  expect(code).toBe(1);
  expect(stderr).toMatch(/--attention: .* cannot be written \(E/);
});
