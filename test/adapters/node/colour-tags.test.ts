import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../../src/adapters/node/index.js';
import { bigEndian, png, type PngImage } from '../../zoo/png.js';
import { picture } from './support.js';

const platform = nodePlatform();

/** Greys of 51, 102, 153 and 204, and a mixture of colours. */
const SAMPLES = [
  [51, 51, 51],
  [102, 102, 102],
  [153, 153, 153],
  [204, 204, 204],
  [85, 170, 128],
  [255, 0, 0],
];
const SRGB = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000];
const P3 = [31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000];

async function converted(chunks: PngImage['chunks']): Promise<number[][]> {
  const file = png({ width: 6, height: 1, bitDepth: 8, colourType: 2, samples: (x) => SAMPLES[x]!, chunks });
  return colours((await platform.decodeImage(file)).data);
}

function colours(data: ArrayLike<number>): number[][] {
  return Array.from({ length: data.length / 3 }, (_, at) => [0, 1, 2].map((channel) => data[at * 3 + channel]!));
}

function cicp(primaries: number, transfer: number): PngImage['chunks'] {
  return [['cICP', Uint8Array.from([primaries, transfer, 0, 1])]];
}

function gamma(value: number, chromaticities: readonly number[]): NonNullable<PngImage['chunks']> {
  return [
    ['gAMA', bigEndian(value)],
    ['cHRM', bigEndian(...chromaticities)],
  ];
}

function expectNear(found: number[][], expected: number[][], levels = 2): void {
  const off = found.flat().map((level, index) => Math.abs(level - expected.flat()[index]!));
  expect(Math.max(...off), JSON.stringify(found)).toBeLessThanOrEqual(levels);
}

function grey(...levels: number[]): number[][] {
  return levels.map((level) => [level, level, level]);
}

// The expected values are those of Chromium 156, read from a canvas.
describe('PNG', () => {
  test.each([
    ['gamma 1', gamma(100_000, SRGB), [...grey(124, 170, 203, 231), [156, 213, 188], [255, 0, 0]]],
    ['gamma 1.8', gamma(55_556, SRGB), [...grey(66, 121, 169, 214), [104, 185, 146], [255, 0, 0]]],
    ['gamma 2.2 on the primaries of P3', gamma(45_455, P3), [...grey(48, 102, 154, 205), [35, 174, 126], [255, 0, 0]]],
    ['cICP of Display P3', cicp(12, 13), [...grey(51, 102, 153, 204), [40, 172, 125], [255, 0, 0]]],
    ['cICP of BT.2020', cicp(9, 14), [...grey(40, 94, 147, 201), [0, 173, 116], [255, 0, 0]]],
    ['cICP of BT.709', cicp(1, 1), [...grey(40, 94, 147, 201), [76, 165, 121], [255, 0, 0]]],
    ['cICP of DCI-P3', cicp(11, 17), [...grey(35, 89, 146, 205), [30, 168, 114], [255, 0, 0]]],
    ['cICP of linear light', cicp(1, 8), [...grey(124, 170, 203, 231), [156, 213, 188], [255, 0, 0]]],
  ])('%s', async (_what, chunks, expected) => {
    expectNear(await converted(chunks), expected);
  });

  test.each([
    ['nothing', []],
    ['gAMA alone', [['gAMA', bigEndian(100_000)]]],
    ['cHRM alone', [['cHRM', bigEndian(...P3)]]],
    ['an sRGB chunk before gAMA', [['sRGB', Uint8Array.from([0])], ...gamma(100_000, SRGB)]],
    ['cICP of sRGB', cicp(1, 13)],
    ['unspecified cICP', cicp(2, 2)],
    ['gAMA of 0', gamma(0, SRGB)],
    ['primaries on one line', gamma(45_455, [31270, 32900, 10000, 10000, 20000, 20000, 30000, 30000])],
  ] as [string, PngImage['chunks']][])('%s: taken for sRGB', async (_what, chunks) => {
    expect(await converted(chunks)).toEqual(SAMPLES);
  });

  test('cICP counts before gAMA', async () => {
    expectNear(await converted([...cicp(12, 13)!, ...gamma(100_000, SRGB)]), await converted(cicp(12, 13)), 0);
  });

  test('grey, with alpha and of 16 bits too', async () => {
    for (const [colourType, samples] of [
      [0, [0x3333]],
      [4, [0x3333, 0xffff]],
      [6, [0x3333, 0x3333, 0x3333, 0xffff]],
    ] as const) {
      // prettier-ignore
      const chunks = gamma(100_000, SRGB);
      const file = png({ width: 2, height: 2, bitDepth: 16, colourType, samples: () => samples, chunks });
      expect([...(await platform.decodeImage(file)).data.subarray(0, 3)]).toEqual([124, 124, 124]);
    }
  });

  test.each([
    ['PQ', 16, [0.4, 0.58, 0.7518]],
    ['HLG', 18, [0.5, 0.75, 1]],
  ])(
    '%s: white of a page is light, the brightest is white, and what lies between is in order',
    async (_name, transfer, levels) => {
      const samples = levels.map((level) => Math.round(level * 255));
      const chunks = cicp(9, transfer);
      const file = png({ width: 3, height: 1, bitDepth: 8, colourType: 0, samples: (x) => [samples[x]!], chunks });
      const [dark, white, peak] = colours((await platform.decodeImage(file)).data).map(([level]) => level!);
      expect(dark).toBeGreaterThan(60);
      expect(dark).toBeLessThan(white! - 40);
      expect(white).toBeGreaterThan(175);
      expect(white).toBeLessThan(200);
      expect(peak).toBeGreaterThanOrEqual(254);
    },
  );
});

describe('AVIF', () => {
  /** A gradient whose box `colr` has other code points. */
  async function tagged(primaries: number, transfer: number): Promise<number[][]> {
    const file = await readFile(picture('gradient.avif'));
    const at = file.indexOf('nclx');
    expect(at).toBeGreaterThan(0);
    file.writeUInt16BE(primaries, at + 4);
    file.writeUInt16BE(transfer, at + 6);
    const { data, width } = await platform.decodeImage(file);
    const places = [3, 6, 9, 12].map((x) => [x, 0]).concat([[5, 4]]);
    return places.map(([x, y]) => [...data.subarray((y! * 8 + 4) * width * 3 + (x! * 8 + 4) * 3).subarray(0, 3)]);
  }

  test.each([
    ['sRGB', 1, 13, [...grey(51, 102, 153, 204), [84, 171, 128]]],
    ['unspecified', 2, 2, [...grey(51, 102, 153, 204), [84, 171, 128]]],
    ['video', 1, 1, [...grey(51, 102, 153, 204), [84, 171, 128]]],
    ['Display P3', 12, 13, [...grey(51, 102, 153, 204), [35, 174, 125]]],
    ['BT.2020', 9, 14, [...grey(51, 102, 153, 204), [0, 179, 123]]],
    ['linear light', 1, 8, [...grey(124, 170, 203, 231), [155, 214, 188]]],
  ])('%s', async (_what, primaries, transfer, expected) => {
    expectNear(await tagged(primaries, transfer), expected, 3);
  });

  test('HLG as PNG has it', async () => {
    const [, , , light] = await tagged(9, 18);
    const file = png({ width: 1, height: 1, bitDepth: 8, colourType: 0, samples: () => [204], chunks: cicp(9, 18) });
    expectNear([light!], [[...(await platform.decodeImage(file)).data]]);
  });
});
