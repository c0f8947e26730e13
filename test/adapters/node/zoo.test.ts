/*
 * Images of every kind, and damaged ones. The short form runs with all tests; the long one, some 10,000 flips, by
 *
 *     ZOO_FLIPS=10000 npx vitest run test/adapters/node/zoo.test.ts
 */
import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { CaptioneerError } from '../../../src/core/index.js';
import { flips, truncations, type Mutation } from '../../zoo/mutations.js';
import { png, type PngImage } from '../../zoo/png.js';
import { tiff } from '../../zoo/tiff.js';
import { picture } from './support.js';

const FLIPS = Number(process.env.ZOO_FLIPS ?? 400);
const LONGEST_MS = 60_000 + FLIPS * 200;

const platform = nodePlatform({ limits: { imageTimeoutMs: 10_000 } });

describe('every kind of PNG has the right pixels', () => {
  const DEPTHS = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] } as const;
  const kinds = ([0, 2, 3, 4, 6] as const).flatMap((colourType) =>
    DEPTHS[colourType].flatMap((bitDepth) =>
      [false, true].map((isInterlaced) => ({ colourType, bitDepth, isInterlaced })),
    ),
  );
  const [width, height] = [11, 7];

  test.each(kinds)('%j', async ({ colourType, bitDepth, isInterlaced }) => {
    const most = 2 ** bitDepth - 1;
    const sample = (x: number, y: number, channel: number): number => (x * 31 + y * 17 + channel * 7919) & most;
    const samples: PngImage['samples'] = (x, y) => [0, 1, 2, 3].map((channel) => sample(x, y, channel));
    const palette = Uint8Array.from({ length: 768 }, (_, at) => (at * 73) & 255).subarray(0, (most + 1) * 3);
    const chunks = colourType === 3 ? ([['PLTE', palette]] as const) : [];
    const background = [10, 200, 90] as const;
    const file = png({ width, height, bitDepth, colourType, isInterlaced, samples, chunks });
    const { data } = await platform.decodeImage(file, { background });
    // 16 bits become 8 by their high byte, fewer are spread over 0 … 255.
    const level = (value: number): number => (bitDepth === 16 ? value >> 8 : Math.round((value * 255) / most));
    const expected = Array.from({ length: width * height }, (_, pixel) => {
      const levels = samples(pixel % width, Math.floor(pixel / width)).map(level);
      const index = samples(pixel % width, Math.floor(pixel / width))[0]!;
      if (colourType === 3) return [...palette.subarray(index * 3, index * 3 + 3)];
      const colours = colourType === 0 || colourType === 4 ? [levels[0]!, levels[0]!, levels[0]!] : levels.slice(0, 3);
      const alpha = colourType === 4 ? levels[1]! : colourType === 6 ? levels[3]! : 255;
      return colours.map((colour, channel) =>
        Math.round((colour * alpha + background[channel]! * (255 - alpha)) / 255),
      );
    });
    expect([...data]).toEqual(expected.flat());
  });
});

describe('every orientation of every format that has one is turned upright', () => {
  const formats = ['jpeg', 'png', 'webp', 'tiff'] as const;
  test.each(formats.flatMap((format) => [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => [format, orientation] as const)))(
    '%s, %i',
    async (format, orientation) => {
      const stored = await sharp(picture(`orientation-${orientation}.jpg`))
        .keepExif()
        .toFormat(format, { quality: 100 })
        .toBuffer();
      const [image, upright] = [
        await platform.decodeImage(stored),
        await platform.decodeImage(picture('quarters.png')),
      ];
      expect([image.width, image.height]).toEqual([upright.width, upright.height]);
      const off = Array.from(image.data, (level, at) => Math.abs(level - upright.data[at]!));
      expect(off.reduce((sum, level) => sum + level, 0) / off.length).toBeLessThan(12);
    },
  );
});

describe('damaged files end in pixels or in an error of ours, and the process lives', () => {
  const samples = (x: number, y: number): number[] => [x * 16, y * 16, 99, 200];
  const made: readonly Mutation[] = [
    { name: 'interlaced.png', bytes: png({ width: 16, height: 16, bitDepth: 16, colourType: 6, isInterlaced: true, samples: (x, y) => samples(x, y).map((level) => level * 257) }) }, // prettier-ignore
    { name: 'tagged.png', bytes: png({ width: 16, height: 16, bitDepth: 8, colourType: 2, samples, chunks: [['cICP', Uint8Array.from([9, 16, 0, 1])], ['gAMA', Uint8Array.from([0, 0, 177, 143])], ['cHRM', new Uint8Array(32).fill(60)]] }) }, // prettier-ignore
    { name: 'extra.tif', bytes: tiff({ width: 8, height: 8, bits: 8, samplesPerPixel: 5, photometric: 2, extraSamples: [2, 0], data: new Uint8Array(320).fill(120) }) }, // prettier-ignore
  ];
  const skipped = /bmp$|\.py$|heic$/; // HEIC takes a thread for each file: it has its own tests
  const fixtures = readdirSync(picture('.')).filter((name) => !skipped.test(name));
  const files = [...made, ...fixtures.map((name) => ({ name, bytes: readFileSync(picture(name)) }))];

  /** What is wrong with how a file ends; undefined if nothing is. */
  async function fault({ name, bytes }: Mutation): Promise<string | undefined> {
    const started = performance.now();
    try {
      const { data, width, height } = await platform.decodeImage(bytes, { maxPixels: 2 ** 22 });
      if (data.length !== width * height * 3 || data.length === 0)
        return `${name}: ${width}×${height}, ${data.length} bytes`;
    } catch (error) {
      if (!CaptioneerError.isInstance(error)) return `${name}: ${String(error)}`;
      if (!['IMAGE_UNREADABLE', 'IMAGE_TOO_LARGE'].includes(error.code)) return `${name}: ${error.code}`;
      if (error.message.length > 500) return `${name}: a message of ${error.message.length} characters`;
    }
    const tookMs = performance.now() - started;
    return tookMs > 30_000 ? `${name}: ${tookMs} ms` : undefined;
  }

  async function faults(mutations: Iterable<Mutation>): Promise<string[]> {
    const found: string[] = [];
    for (const mutation of mutations) {
      const what = await fault(mutation);
      if (what !== undefined) found.push(what);
    }
    return found;
  }

  test('whole', async () => {
    expect(await faults(files)).toEqual([]);
  });

  test('cut', { timeout: LONGEST_MS }, async () => {
    for (const { name, bytes } of files) expect(await faults(truncations(name, bytes, 10))).toEqual([]);
  });

  test('with flipped bytes', { timeout: LONGEST_MS }, async () => {
    const each = Math.ceil(FLIPS / files.length);
    for (const [seed, { name, bytes }] of files.entries())
      expect(await faults(flips(name, bytes, each, seed))).toEqual([]);
  });

  test('of two kinds at once', async () => {
    const [jpeg, webp] = [readFileSync(picture('quarters.jpg')), readFileSync(picture('quarters.webp'))];
    const both = [
      Buffer.concat([jpeg, webp]),
      Buffer.concat([webp, jpeg]),
      Buffer.concat([Buffer.from('<svg>'), jpeg]),
    ];
    expect(await faults(both.map((bytes, index) => ({ name: `polyglot ${index}`, bytes })))).toEqual([]);
  });
});
