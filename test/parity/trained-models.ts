import { afterAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { openModel } from '../../src/model/index.js';
import { fitToSpec, imageStatistics, toPixelValues } from '../../src/preprocess/index.js';
import { search } from '../../src/search/index.js';
import { recordedModels, repositoryPath, type RecordedModel } from './recorded-models.js';
import { recordedSearch } from './recorded-search.js';

/** Logits of two runtimes that add up floats in different orders. */
const LOGIT_TOLERANCE = 2e-3;
const platform = nodePlatform();

/** A trained model here, compared with PyTorch. */
export interface ComparedModel extends Pick<RecordedModel, 'name' | 'pictures'> {
  /** How far each logit is from the recorded one. */
  readonly logitDifferences: number[];
  /** For each caption, whether it has the recorded ids. */
  readonly isSameCaption: boolean[];
}

/** Defines the tests of the trained models. What they give is filled while they run. */
export function describeTrainedModels(): readonly ComparedModel[] {
  const compared = recordedModels.map(({ name, pictures }) => ({
    name,
    pictures,
    logitDifferences: [],
    isSameCaption: [],
  }));
  describe.each(recordedModels.map((model, index) => ({ ...model, compared: compared[index]! })))('$name', testModel);
  return compared;
}

async function testModel(recorded: RecordedModel & { readonly compared: ComparedModel }): Promise<void> {
  const { name, lengthPenalty, pictures, compared } = recorded;
  const model = await openModel(platform, repositoryPath(`models/${name}`));
  afterAll(() => model.release());

  describe.each(pictures)('$picture', ({ picture, pixels, imageStatistics: statistics, memory, steps, beams }) => {
    const raw = platform.decodeImage(repositoryPath(`docs/images/${picture}`));
    const values = raw.then((image) => toPixelValues(image, model.manifest.image));
    const encoding = values.then((tensor) => model.encoder.encode(tensor));

    test('pixels are those of Pillow', async () => {
      const { data } = fitToSpec(await raw, model.manifest.image);
      pixels.first.forEach((value, i) => expect(Math.abs(data[i]! - value)).toBeLessThanOrEqual(1));
      let sum = 0;
      for (const value of data) sum += value;
      expect(Math.abs(sum - pixels.sum) / data.length).toBeLessThan(0.01); // equal where both libjpegs are
    });

    test('statistics of the picture are those of NumPy', async () => {
      const found = imageStatistics(fitToSpec(await raw, model.manifest.image));
      for (const key of Object.keys(statistics) as (keyof typeof statistics)[]) {
        expect(Math.abs(found[key] - statistics[key]), key).toBeLessThan(0.03); // colours on the edge of two levels: libjpegs differ by 1
      }
    });

    test('features and the logits of every step are those of PyTorch', async () => {
      const encoded = await encoding;
      for (const [key, { first }] of Object.entries(memory)) {
        const data = encoded[key]!.data as Float32Array;
        first.forEach((value, i) => expect(data[i]).toBeCloseTo(value, 3));
      }
      let state = model.decoder.start(encoded);
      for (const { read: token, ids, logits } of steps) {
        const step = await model.decoder.step(state, [token]);
        const differences = ids.map((id, i) => Math.abs(step.logits[id]! - logits[i]!));
        compared.logitDifferences.push(...differences);
        for (const difference of differences) expect(difference).toBeLessThan(LOGIT_TOLERANCE);
        expect(step.logits.indexOf(Math.max(...step.logits))).toBe(ids[0]);
        state = step.state;
      }
    });

    test.each(Object.entries(beams))('%s beams give the same ids and text', async (numBeams, expected) => {
      const options = recordedSearch(model.manifest, lengthPenalty, numBeams);
      const [best] = await search(model.decoder, await encoding, options);
      compared.isSameCaption.push(String(best?.tokenIds) === String(expected.ids));
      expect(best!.tokenIds).toEqual(expected.ids);
      expect(model.tokenizer.decode(best!.tokenIds).trimStart()).toBe(expected.text);
    });
  });
}
