import { afterAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import { openModel } from '../../src/model/index.js';
import { BatchedDecoder, search, type SearchOptions } from '../../src/search/index.js';
import { decoderContract, imageEncoderContract, RecordingDecoder } from '../../src/testing/index.js';
import { TINY_MODELS, tinyFolder, tinyPicture, tinyRecording } from '../model/tiny-models.js';
import { recordedSearch } from './recorded-search.js';

/** Logits of up to 20 of two runtimes that add up floats in different orders. */
const TOLERANCE = 1e-4;

describe.each(TINY_MODELS)('%s', async (name) => {
  const model = await openModel(nodePlatform(), tinyFolder(name));
  afterAll(() => model.release());
  const { lengthPenalty, pictures } = tinyRecording(name);
  const { tokens, generation } = model.manifest;
  const options = (numBeams: string): SearchOptions => recordedSearch(model.manifest, lengthPenalty, numBeams);

  test.each(['1', '2', '4'])(
    '%s beams of all pictures in one batch find the same, step by step as one',
    async (beams) => {
      const recorder = new RecordingDecoder(model.decoder);
      const batched = new BatchedDecoder(recorder);
      const found = await batched.run(
        pictures.map(({ seed }) => async () => {
          const [best] = await search(batched, await model.encoder.encode(tinyPicture(seed)), options(beams));
          return best!.tokenIds;
        }),
      );
      expect(found).toEqual(pictures.map((recorded) => ({ status: 'fulfilled', value: recorded.beams[beams] })));
      expect(recorder.steps.length).toBeLessThanOrEqual(generation.maxLength + tokens.start.length);
    },
  );

  describe.each(pictures)('picture $seed', ({ seed, read, logits, attention, beams }) => {
    const encoded = model.encoder.encode(tinyPicture(seed));

    test('the logits and attention of every step are those of PyTorch', async () => {
      let state = model.decoder.start(await encoded);
      for (const [at, ids] of read.entries()) {
        const step = await model.decoder.step(state, ids);
        expect(distance(step.logits, logits[at]!)).toBeLessThan(TOLERANCE);
        expect(step.attention === undefined).toBe(attention === undefined);
        if (attention) expect(distance(step.attention!, attention[at]!)).toBeLessThan(TOLERANCE);
        state = step.state;
      }
    });

    test.each(Object.entries(beams))('%s beams find the ids that PyTorch finds', async (numBeams, ids) => {
      const [best] = await search(model.decoder, await encoded, options(numBeams));
      expect(best!.tokenIds).toEqual(ids);
    });
  });

  for (const { name: title, run, skip } of [
    ...decoderContract({
      name: 'GraphDecoder',
      create: () => model.decoder,
      image: () => model.encoder.encode(tinyPicture(5)),
      otherImage: () => model.encoder.encode(tinyPicture(6)),
    }),
    ...imageEncoderContract({
      name: 'GraphEncoder',
      create: () => model.encoder,
      pixelValues: () => [tinyPicture(5), tinyPicture(6)],
    }),
  ]) {
    test.skipIf(skip !== undefined)(title, run);
  }
});

function distance(found: Float32Array, expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  return Math.max(...expected.map((value, index) => Math.abs(value - found[index]!)));
}
