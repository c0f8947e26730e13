import { describe, expect, test } from 'vitest';
import { search, type SearchOptions } from '../../src/search/index.js';
import { ContractError, decoderContract, RecordingDecoder, TableDecoder } from '../../src/testing/index.js';
import { enumerateAll, IMAGE } from './exhaustive.js';

const base: SearchOptions = { startTokenIds: [], endTokenIds: [1], maxLength: 4 };

describe('without start tokens, a decoder with a prefix', () => {
  test('is asked for the prefix alone first, by one beam and by several', async () => {
    for (const numBeams of [1, 3]) {
      const toy = new TableDecoder({ vocabularySize: 8, hasPrefix: true, bias: { 1: -1000 } });
      const decoder = new RecordingDecoder(toy);
      const [found] = await search(decoder, IMAGE, { ...base, numBeams });
      expect(found!.tokenIds).toHaveLength(4);
      expect(decoder.steps.map(({ length }) => length)).toEqual([0, numBeams, numBeams, numBeams]);
    }
  });

  test('gives the captions that enumeration gives', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const decoder = new TableDecoder({ vocabularySize: 5, hasPrefix: true, seed });
      const options = { ...base, numBeams: 64, numCaptions: 5, noRepeatNgramSize: 0 };
      const found = await search(decoder, IMAGE, options);
      const expected = enumerateAll(decoder, options).slice(0, 5);
      expect(found.map(({ tokenIds }) => tokenIds)).toEqual(expected.map(({ tokenIds }) => tokenIds));
    }
  });

  test('may fill all its positions', async () => {
    const decoder = new TableDecoder({ vocabularySize: 8, hasPrefix: true, maxPositions: 5, bias: { 1: -1000 } });
    const { maxLength: _, ...open } = base;
    expect((await search(decoder, IMAGE, open))[0]!.tokenIds).toHaveLength(6); // the last one is never read
    await expect(search(decoder, IMAGE, { ...base, maxLength: 7 })).rejects.toMatchObject({ argument: 'maxLength' });
  });

  test('is needed', async () => {
    const searching = search(new TableDecoder({ vocabularySize: 8 }), IMAGE, base);
    await expect(searching).rejects.toMatchObject({ argument: 'startTokenIds' });
  });
});

describe('the decoder contract', () => {
  const toy = new TableDecoder({ vocabularySize: 7, hasPrefix: true });
  const prefixCase = (decoder: typeof toy) =>
    decoderContract({ name: 'toy', create: () => decoder, image: () => IMAGE }).find(({ name }) =>
      name.includes('prefix'),
    )!;

  for (const decoder of [toy, new RecordingDecoder(toy)]) {
    for (const { name, run } of decoderContract<never>({
      name: decoder.constructor.name,
      create: () => decoder as never,
      image: () => IMAGE,
    })) {
      test(name, run);
    }
  }

  test('finds a prefix that is forgotten where it is read alone', async () => {
    const forgetful = Object.assign(Object.create(toy) as typeof toy, {
      step: (async (state, tokenIds) => {
        const step = await toy.step(state, tokenIds);
        return tokenIds.length === 0 ? { ...step, state: { ...step.state, images: [7, 7, 7] } } : step;
      }) satisfies typeof toy.step,
    });
    await expect(prefixCase(forgetful).run()).rejects.toThrow(ContractError);
  });

  test('a double refuses to read nothing where that is not allowed', async () => {
    const noPrefix = new TableDecoder({ vocabularySize: 7 });
    await expect(noPrefix.step(noPrefix.start(IMAGE), [])).rejects.toThrow(ContractError);
    const { state } = await toy.step(toy.start(IMAGE), [3]);
    await expect(toy.step(state, [])).rejects.toThrow(ContractError);
    const recording = new RecordingDecoder(toy);
    const { state: later } = await recording.step(recording.start(IMAGE), []);
    await expect(recording.step(later, [])).rejects.toThrow(ContractError);
  });
});
