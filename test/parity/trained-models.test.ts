import { afterAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { openModel } from '../../src/model/index.js';
import { fitToSpec, imageStatistics, toPixelValues } from '../../src/preprocess/index.js';
import { search } from '../../src/search/index.js';
import { recordedModels, repositoryPath } from './recorded-models.js';
import { recordedSearch } from './recorded-search.js';

/** Logits of two runtimes that add up floats in different orders. */
const LOGIT_TOLERANCE = 2e-3;
const platform = nodePlatform();

describe.each(recordedModels)('$name', async ({ name, lengthPenalty, pictures }) => {
  const model = await openModel(platform, repositoryPath(`models/${name}`));
  afterAll(() => model.release());

  describe.each(pictures)('$picture', ({ picture, pixels, imageStatistics: recorded, memory, steps, beams }) => {
    const raw = platform.decodeImage(repositoryPath(`docs/images/${picture}`));

    test('pixels are those of Pillow', async () => {
      const { data } = fitToSpec(await raw, model.manifest.image);
      pixels.first.forEach((value, i) => expect(Math.abs(data[i]! - value)).toBeLessThanOrEqual(1));
      let sum = 0;
      for (const value of data) sum += value;
      expect(Math.abs(sum - pixels.sum) / data.length).toBeLessThan(0.01); // equal where both libjpegs are
    });

    test('statistics of the picture are those of NumPy', async () => {
      const { image } = model.manifest;
      const found = imageStatistics(toPixelValues(await raw, image), image);
      for (const name of Object.keys(recorded) as (keyof typeof recorded)[]) {
        expect(Math.abs(found[name] - recorded[name]), name).toBeLessThan(0.03); // colours on the edge of two levels: libjpegs differ by 1
      }
    });

    test('features and the logits of every step are those of PyTorch', async () => {
      const encoded = await model.encoder.encode(toPixelValues(await raw, model.manifest.image));
      for (const [name, { first }] of Object.entries(memory)) {
        const values = encoded[name]!.data as Float32Array;
        first.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 3));
      }
      let state = model.decoder.start(encoded);
      for (const { read: token, ids, logits } of steps) {
        const step = await model.decoder.step(state, [token]);
        ids.forEach((id, i) => expect(Math.abs(step.logits[id]! - logits[i]!)).toBeLessThan(LOGIT_TOLERANCE));
        expect(step.logits.indexOf(Math.max(...step.logits))).toBe(ids[0]);
        state = step.state;
      }
    });

    test.each(Object.entries(beams))('%s beams give the same ids and text', async (numBeams, expected) => {
      const encoded = await model.encoder.encode(toPixelValues(await raw, model.manifest.image));
      const [best] = await search(model.decoder, encoded, recordedSearch(model.manifest, lengthPenalty, numBeams));
      expect(best!.tokenIds).toEqual(expected.ids);
      expect(model.tokenizer.decode(best!.tokenIds).trimStart()).toBe(expected.text);
    });
  });
});
