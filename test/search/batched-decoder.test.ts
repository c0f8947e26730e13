import { describe, expect, test } from 'vitest';
import { float32Tensor, RuntimeError, type CaptionDecoder, type EncodedImage } from '../../src/core/index.js';
import { BatchedDecoder, search, type SearchOptions } from '../../src/search/index.js';
import { decoderContract, RecordingDecoder, TableDecoder } from '../../src/testing/index.js';

const VOCABULARY = 12;
const pictures: EncodedImage[] = [0, 1, 2, 3, 4].map((seed) => ({
  features: float32Tensor(Float32Array.of(seed), [1, 1]),
}));
const table = new TableDecoder({ vocabularySize: VOCABULARY, regions: 3, hasSummary: true, bias: { 1: 1 } });
const tokens = { startTokenIds: [0], endTokenIds: [1], maxLength: 9 };

const alone = (decoder: CaptionDecoder, options: Partial<SearchOptions>) =>
  Promise.all(pictures.map((picture) => search(decoder, picture, { ...tokens, ...options })));
const together = async (decoder: CaptionDecoder, options: Partial<SearchOptions>) => {
  const batched = new BatchedDecoder(decoder);
  const outcomes = await batched.run(
    pictures.map((picture) => () => search(batched, picture, { ...tokens, ...options })),
  );
  return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason));
};

describe('searches in one batch', () => {
  test.each<[Partial<SearchOptions>]>([
    [{ numBeams: 1 }],
    [{ numBeams: 4, numCaptions: 4 }],
    [{ numBeams: 4, startTokenIds: [0, 3, 5], minLength: 2 }],
    [{ numBeams: 6, numBeamGroups: 3, numCaptions: 3 }],
    [{ numBeams: 3, beamVariant: 'show-attend-tell' }],
    [{ numBeams: 3, beamVariant: 'clipcap' }],
    [{ numBeams: 3, requiredPhrases: [[[4], [5, 6]]] }],
    [{ strategy: 'sample', numCaptions: 5, seed: 3 }],
  ])('find what each finds alone: %j', async (options) => {
    expect(await together(table, options)).toEqual(await alone(table, options));
  });

  test('take each step as one, of all that have not ended', async () => {
    const decoder = new RecordingDecoder(table);
    const found = await alone(table, { numBeams: 1 });
    const lengths = found.map(([best]) => best!.tokenLogProbs.length);
    await together(decoder, { numBeams: 1 });
    const expected = Array.from(
      { length: Math.max(...lengths) },
      (_, at) => lengths.filter((length) => length > at).length,
    );
    expect(decoder.steps.map((ids) => ids.length)).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(1); // some ended before others
  });

  test('do not move rows where none leaves', async () => {
    const decoder = new RecordingDecoder(table);
    await together(decoder, { numBeams: 1, minLength: 9 });
    expect(decoder.steps).toHaveLength(9);
    expect(decoder.reorders).toEqual([]);
  });

  test('go step by step alone where the decoder joins no states', async () => {
    const joinsNone = new TableDecoder({ vocabularySize: VOCABULARY, regions: 3, hasSummary: true, bias: { 1: 1 } });
    Object.defineProperty(joinsNone, 'join', { value: undefined });
    expect(await together(joinsNone, { numBeams: 3 })).toEqual(await alone(table, { numBeams: 3 }));
  });

  test('one that fails leaves the others alone', async () => {
    const batched = new BatchedDecoder(table);
    const failing = {
      name: 'fails-at-third',
      process: (_: Float32Array, { tokenIds }: { tokenIds: readonly number[] }) => {
        if (tokenIds.length === 2) throw new RangeError('third');
      },
    };
    const [first, second] = await batched.run([
      () => search(batched, pictures[0]!, { ...tokens, numBeams: 2, minLength: 5, logitsProcessors: [failing] }),
      () => search(batched, pictures[1]!, { ...tokens, numBeams: 2, minLength: 5 }),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: { message: 'third' } });
    const expected = await search(table, pictures[1]!, { ...tokens, numBeams: 2, minLength: 5 });
    expect(second).toEqual({ status: 'fulfilled', value: expected });
  });

  test('a step that fails fails for all that took it', async () => {
    const failing = new TableDecoder({ vocabularySize: VOCABULARY });
    failing.step = () => Promise.reject(new RuntimeError('Out of memory.'));
    for (const error of await together(failing, { numBeams: 2 })) expect(error).toBeInstanceOf(RuntimeError);
  });

  for (const { name, run } of decoderContract({
    name: 'BatchedDecoder',
    create: () => new BatchedDecoder(table),
    image: () => pictures[1] as EncodedImage,
  })) {
    test(name, run);
  }
});
