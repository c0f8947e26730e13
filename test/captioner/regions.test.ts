import { expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { Captioner as AnyCaptioner } from '../../src/captioner/captioner.js';
import { Captioner } from '../../src/index.js';
import { splitAttention, toCaptionRegions } from '../../src/captioner/caption-regions.js';
import { float32Tensor, type EncodedRegion, type Session } from '../../src/core/index.js';
import { GraphEncoder } from '../../src/layouts/captioneer/index.js';
import { openModel, type Model } from '../../src/model/index.js';
import { tinyBuffers } from '../model/tiny-models.js';
import { picture } from './pictures.js';

const FOUND: EncodedRegion[] = [
  { box: [0.25, 0, 0.5, 1], label: 'cat', score: 0.75 },
  { box: [0, 0.5, 0.125, 0.75], label: 'cup', score: 0.5 },
];

test('boxes are in pixels of the image', () => {
  expect(toCaptionRegions(FOUND, { width: 400, height: 200 })).toEqual([
    { box: { x: 100, y: 0, width: 100, height: 200 }, label: 'cat', score: 0.75 },
    { box: { x: 0, y: 100, width: 50, height: 50 }, label: 'cup', score: 0.5 },
  ]);
});

test('attention is split into that to the grid, which sums to 1, and that to the boxes there are', () => {
  const grid = { rows: 1, columns: 2, boxes: { count: 3, labels: [] } };
  expect(splitAttention(Float32Array.of(0.25, 0.125, 0.5, 0.125, 0), grid, 2)).toEqual({
    attention: Float32Array.of(2 / 3, 1 / 3),
    regionAttention: Float32Array.of(0.5, 0.125),
  });
  const whole = Float32Array.of(0.5, 0.5);
  expect(splitAttention(whole, { rows: 1, columns: 2 }, 0)).toEqual({ attention: whole });
});

test("a graph's boxes end where the scores are 0", () => {
  const encoder = new GraphEncoder({} as Session, ['person', 'cat']);
  const encoded = (kind: number) => ({
    'regions.boxes': float32Tensor(Float32Array.of(0.25, 0, 0.5, 1, 0.1, 0.1, 0.2, 0.2), [1, 2, 4]),
    'regions.labels': float32Tensor(Float32Array.of(kind, 0), [1, 2]),
    'regions.scores': float32Tensor(Float32Array.of(0.75, 0), [1, 2]),
  });
  expect(encoder.regions(encoded(1))).toEqual([FOUND[0]]);
  expect(() => encoder.regions(encoded(2))).toThrow(/kind 2/);
  expect(new GraphEncoder({} as Session).regions({})).toEqual([]);
});

/** A tiny model whose last two regions are boxes. */
async function withBoxes(): Promise<{ captioner: AnyCaptioner; model: Model }> {
  const platform = nodePlatform();
  const model = await openModel(platform, tinyBuffers('attention-lstm'));
  const { rows, columns } = model.manifest.regions!;
  const manifest = {
    ...model.manifest,
    regions: { rows: 1, columns: rows * columns - 2, boxes: { count: 2, labels: ['cat', 'cup'] } },
  };
  const encoder = { encode: model.encoder.encode.bind(model.encoder), regions: () => FOUND };
  return { captioner: new AnyCaptioner(platform, { ...model, manifest, encoder }), model };
}

test('a result carries the regions, and each word how much of its attention was on each', async () => {
  const { captioner, model } = await withBoxes();
  const plain = new AnyCaptioner(nodePlatform(), model);
  const image = picture('cat');
  const [result, whole] = [
    await captioner.caption(image, { attention: true }),
    await plain.caption(image, { attention: true }),
  ];
  expect(whole).not.toHaveProperty('regions');
  expect(result.regions!.map(({ label }) => label)).toEqual(['cat', 'cup']);
  expect(result.tokens.length).toBeGreaterThan(0);
  for (const [index, { attention, regionAttention }] of result.tokens.entries()) {
    const all = whole.tokens[index]!.attention!;
    expect(regionAttention).toEqual(all.slice(-2));
    expect(attention!.reduce((sum, share) => sum + share)).toBeCloseTo(1, 5);
    expect(attention![0]! / attention![1]!).toBeCloseTo(all[0]! / all[1]!, 4);
  }
  expect(result.words[0]!.regionAttention).toHaveLength(2);
  const json = JSON.parse(JSON.stringify(result)) as { regions: unknown[]; words: { regionAttention: number[] }[] };
  expect(json.regions).toEqual(result.regions);
  expect(json.words[0]!.regionAttention).toHaveLength(2);
  expect((await captioner.caption(image)).regions).toHaveLength(2);
  await captioner.dispose();
});

test('region-transformer finds the cat, and the word that names it points there', async () => {
  await using captioner = await Captioner.load('models/region-transformer');
  const { text, words, regions = [] } = await captioner.caption(picture('cat'), { attention: true });
  expect(text).toMatch(/\bcat\b/);
  expect(regions[0]!.label).toBe('cat');
  const { width, height } = await nodePlatform().decodeImage(picture('cat'), {});
  for (const { box, score } of regions) {
    expect(score).toBeGreaterThan(0.1);
    expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width + 1e-3);
    expect(box.y + box.height).toBeLessThanOrEqual(height + 1e-3);
  }
  const named = words.find((word) => word.text === 'cat')!.regionAttention!;
  expect(named).toHaveLength(regions.length);
  expect(named.indexOf(Math.max(...named))).toBe(0);
});
