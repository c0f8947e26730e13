import { describe, expect, test } from 'vitest';
import { search, type EarlyStopping, type LogitsProcessor, type SearchOptions } from '../../src/search/index.js';
import { RecordingDecoder, TableDecoder } from '../../src/testing/index.js';
import { enumerateAll, IMAGE } from './exhaustive.js';

/** With 64 beams, nothing is pruned on these. */
const TOYS = [
  { vocabularySize: 4, maxLength: 4, endTokenIds: [3] },
  { vocabularySize: 5, maxLength: 3, endTokenIds: [0] },
  { vocabularySize: 6, maxLength: 3, endTokenIds: [2] },
  { vocabularySize: 5, maxLength: 4, endTokenIds: [1, 4] },
  { vocabularySize: 3, maxLength: 6, endTokenIds: [2] },
];
const STOPS: readonly EarlyStopping[] = [true, false, 'never'];
const PENALTIES = [-1.5, 0, 0.7, 1, 2];

describe('a beam search that is wide enough', () => {
  for (const { vocabularySize, maxLength, endTokenIds } of TOYS) {
    test(`finds what exhaustive enumeration finds: ${vocabularySize} tokens, length ${maxLength}`, async () => {
      for (let seed = 0; seed < 4; seed++) {
        const decoder = new TableDecoder({ vocabularySize, seed });
        for (const lengthPenalty of PENALTIES) {
          const options = { startTokenIds: [0], endTokenIds, maxLength, lengthPenalty, numBeams: 64, numCaptions: 10 };
          const expected = enumerateAll(decoder, options).slice(0, 10);
          for (const earlyStopping of STOPS) {
            const found = await search(decoder, IMAGE, { ...options, earlyStopping });
            expect(found.map(({ tokenIds }) => tokenIds)).toEqual(expected.map(({ tokenIds }) => tokenIds));
            expect(found.map(({ isFinished }) => isFinished)).toEqual(expected.map(({ isFinished }) => isFinished));
            found.forEach(({ score }, index) => expect(score).toBeCloseTo(expected[index]?.score as number, 5));
          }
        }
      }
    });
  }

  test('does so with a minimum length and banned tokens', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const decoder = new TableDecoder({ vocabularySize: 5, seed });
      const rules = { minLength: 2, bannedTokenIds: [1], startTokenIds: [4, 0], endTokenIds: [0], maxLength: 4 };
      const options = { ...rules, numBeams: 64, numCaptions: 5 };
      const found = await search(decoder, IMAGE, options);
      expect(found.map(({ tokenIds }) => tokenIds)).toEqual(
        enumerateAll(decoder, options)
          .slice(0, 5)
          .map(({ tokenIds }) => tokenIds),
      );
    }
  });
});

describe('a beam search', () => {
  const base = {
    startTokenIds: [0],
    endTokenIds: [1],
    maxLength: 5,
    numBeams: 3,
    numCaptions: 3,
  } satisfies SearchOptions;

  test('gives the best unfinished captions where none ends', async () => {
    const decoder = new TableDecoder({ vocabularySize: 6, bias: { 1: -1000 } });
    const found = await search(decoder, IMAGE, base);
    expect(found).toHaveLength(3);
    for (const { tokenIds, tokenLogProbs, isFinished } of found) {
      expect(isFinished).toBe(false);
      expect(tokenIds).toHaveLength(5);
      expect(tokenLogProbs).toHaveLength(5);
    }
  });

  test('does so where no token ends a caption', async () => {
    const found = await search(new TableDecoder({ vocabularySize: 6 }), IMAGE, { ...base, endTokenIds: [] });
    expect(found.map(({ isFinished }) => isFinished)).toEqual([false, false, false]);
  });

  test('gives fewer captions where there are fewer', async () => {
    const decoder = new TableDecoder({ vocabularySize: 3, bias: { 0: -Infinity, 2: -Infinity } });
    const found = await search(decoder, IMAGE, base);
    expect(found).toMatchObject([{ tokenIds: [], tokenLogProbs: [0], logProb: 0, score: 0, isFinished: true }]);
  });

  test('prefers the lower token id, then the better row, among equals', async () => {
    const decoder = new TableDecoder({ vocabularySize: 6, spread: 0 });
    const found = await search(decoder, IMAGE, { ...base, maxLength: 2, bannedTokenIds: [1] });
    expect(found.map(({ tokenIds }) => tokenIds)).toEqual([
      [0, 0],
      [2, 0],
      [3, 0],
    ]);
  });

  test('gives the attention of the steps whose logits chose the tokens', async () => {
    const decoder = new TableDecoder({ vocabularySize: 6, regions: 4, bias: { 1: 1 } });
    const found = await search(decoder, IMAGE, { ...base, numBeams: 4, numCaptions: 4 });
    expect(found.some(({ isFinished }) => isFinished)).toBe(true);
    for (const { tokenIds, attention } of found) {
      const expected: Float32Array[] = [];
      let { state, attention: now } = await decoder.step(decoder.start(IMAGE), [0]);
      for (const tokenId of tokenIds) {
        expected.push(now as Float32Array);
        ({ state, attention: now } = await decoder.step(state, [tokenId]));
      }
      expect(attention).toEqual(expected);
    }
  });

  test('keeps enough candidates to go on with where several end tokens are likely', async () => {
    const bias = { 1: 5, 2: 5, 3: 5 };
    const decoder = new RecordingDecoder(new TableDecoder({ vocabularySize: 8, bias }));
    const options = { ...base, numBeams: 2, numCaptions: 2, endTokenIds: [1, 2, 3], lengthPenalty: 3 };
    await search(decoder, IMAGE, { ...options, earlyStopping: 'never' });
    expect(decoder.steps.slice(1).map(({ length }) => length)).toEqual([2, 2, 2, 2]);
  });

  test('goes on with fewer rows where the others can only end', async () => {
    const decoder = new RecordingDecoder(new TableDecoder({ vocabularySize: 6, bias: { 2: 14, 3: 7 } }));
    const only = (logits: Float32Array, tokenId: number): void => {
      logits.fill(-Infinity).fill(-1, tokenId, tokenId + 1);
    };
    const rule: LogitsProcessor = {
      name: '2 goes on as 2, 3 ends',
      process: (logits, { tokenIds }) => {
        if (tokenIds.length > 0) only(logits, tokenIds.at(-1) === 2 ? 2 : 1);
      },
    };
    const options = { ...base, numBeams: 2, numCaptions: 2, logitsProcessors: [rule], lengthPenalty: 0 };
    const found = await search(decoder, IMAGE, options);
    expect(decoder.steps).toEqual([[0], [2, 3], [2], [2], [2]]);
    expect(decoder.reorders).toEqual([[0, 0], [0]]);
    expect(found.map(({ isFinished }) => isFinished).sort()).toEqual([false, true]);
  });

  test('stops as early as the setting allows', async () => {
    const lengths = new Map<EarlyStopping, number>();
    for (const earlyStopping of STOPS) {
      const decoder = new RecordingDecoder(new TableDecoder({ vocabularySize: 8, seed: 4, bias: { 1: 2.5 } }));
      await search(decoder, IMAGE, { ...base, maxLength: 30, lengthPenalty: 2, earlyStopping });
      lengths.set(earlyStopping, decoder.steps.length);
    }
    expect(lengths.get(true)).toBeLessThan(lengths.get(false) as number);
    expect(lengths.get(false)).toBeLessThan(lengths.get('never') as number);
  });
});
