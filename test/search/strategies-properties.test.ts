import fc from 'fast-check';
import { expect, test } from 'vitest';
import { search, type SearchOptions } from '../../src/search/index.js';
import { RecordingDecoder, TableDecoder } from '../../src/testing/index.js';
import { enumerateAll, IMAGE } from './exhaustive.js';

const strategies: fc.Arbitrary<Partial<SearchOptions>> = fc.oneof(
  fc.constant({ strategy: 'greedy' as const }),
  fc.record({ numBeams: fc.integer({ min: 1, max: 6 }) }),
  fc.record({
    numBeams: fc.constantFrom(2, 4, 6),
    numBeamGroups: fc.constant(2),
    diversityPenalty: fc.constantFrom(0.3, 2),
  }),
  fc.record({
    numBeams: fc.integer({ min: 1, max: 6 }),
    beamVariant: fc.constantFrom('clipcap' as const, 'show-attend-tell' as const),
  }),
  fc.record({ strategy: fc.constant('sample' as const), seed: fc.nat(), temperature: fc.constantFrom(0.5, 1, 2) }),
  fc.record({
    strategy: fc.constant('beam-sample' as const),
    numBeams: fc.integer({ min: 2, max: 6 }),
    seed: fc.nat(),
    topK: fc.constantFrom(0, 4),
    topP: fc.constantFrom(0.7, 1),
    typicalP: fc.constantFrom(0.7, 1),
  }),
);

const cases = fc.record({
  tableSeed: fc.nat(),
  strategy: strategies,
  rules: fc.record({
    maxLength: fc.integer({ min: 3, max: 7 }),
    minLength: fc.integer({ min: 0, max: 3 }),
    lengthPenalty: fc.constantFrom(-1, 0, 0.6, 1, 2),
    repetitionPenalty: fc.constantFrom(0.8, 1, 1.5),
    noRepeatNgramSize: fc.constantFrom(0, 2, 3),
    bannedTokenIds: fc.subarray([4, 5]),
    bannedPhrases: fc.subarray([[2, 3], [6], [7, 8, 7]]),
    logitBias: fc.constantFrom({}, { 2: 2, 3: -2 }),
  }),
});

test('whatever the strategy, scores are sorted and add up, and every rule is kept', () =>
  fc.assert(
    fc.asyncProperty(cases, async ({ tableSeed, strategy, rules }) => {
      const decoder = new RecordingDecoder(new TableDecoder({ vocabularySize: 14, seed: tableSeed, regions: 2 }));
      const numCaptions = strategy.strategy === 'sample' ? 5 : (strategy.numBeams ?? 1);
      const options = { startTokenIds: [0], endTokenIds: [1], ...strategy, ...rules, numCaptions } as SearchOptions;
      const found = await search(decoder, IMAGE, options);
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThanOrEqual(numCaptions);
      expect(found).toEqual([...found].sort((a, b) => b.score - a.score));
      for (const { tokenIds, tokenLogProbs, tokenEntropies, logProb, score, isFinished, attention } of found) {
        expect(tokenLogProbs).toHaveLength(tokenIds.length + (isFinished ? 1 : 0));
        expect(tokenEntropies).toHaveLength(tokenLogProbs.length);
        expect(tokenEntropies.every((entropy) => entropy >= -1e-6 && entropy <= Math.log(14) + 1e-6)).toBe(true);
        expect(tokenLogProbs.reduce((sum, value) => sum + value, 0)).toBeCloseTo(logProb, 10);
        expect(score).toBeCloseTo(logProb / tokenLogProbs.length ** rules.lengthPenalty, 10);
        expect(attention).toHaveLength(tokenIds.length);
        expect(tokenIds.length).toBeGreaterThanOrEqual(rules.minLength);
        expect(tokenLogProbs.length).toBeLessThanOrEqual(rules.maxLength);
        if (!isFinished) expect(tokenIds).toHaveLength(rules.maxLength);
        expect(tokenIds.filter((tokenId) => rules.bannedTokenIds.includes(tokenId) || tokenId === 1)).toEqual([]);
        for (const phrase of rules.bannedPhrases) expect(`,${tokenIds.join()},`).not.toContain(`,${phrase.join()},`);
        const size = rules.noRepeatNgramSize;
        if (size === 0) continue;
        const runs = tokenIds.slice(size - 1).map((_, at) => tokenIds.slice(at, at + size).join());
        expect(new Set(runs).size).toBe(runs.length);
      }
    }),
    { numRuns: 300 },
  ));

test('every beginning of a caption is one that the model may give', () =>
  fc.assert(
    fc.asyncProperty(fc.nat(), strategies, async (seed, strategy) => {
      const decoder = new TableDecoder({ vocabularySize: 8, seed, bias: { 6: -Infinity } });
      const options = { startTokenIds: [0], endTokenIds: [1], maxLength: 6, ...strategy } as SearchOptions;
      for (const { tokenIds, tokenLogProbs } of await search(decoder, IMAGE, options)) {
        tokenIds.forEach((tokenId, at) => {
          expect(decoder.logits([0, ...tokenIds.slice(0, at)])[tokenId]).toBeGreaterThan(-Infinity);
          expect(tokenLogProbs[at]).toBeGreaterThan(-Infinity);
        });
      }
    }),
    { numRuns: 100 },
  ));

test('on toys that they exhaust, more beams never lower the best score', () =>
  fc.assert(
    fc.asyncProperty(fc.nat(), fc.constantFrom(0, 0.7, 1, 2), async (seed, lengthPenalty) => {
      const decoder = new TableDecoder({ vocabularySize: 4, seed });
      const options = { startTokenIds: [0], endTokenIds: [1], maxLength: 4, lengthPenalty };
      const [best] = enumerateAll(decoder, options);
      const [few] = await search(decoder, IMAGE, { ...options, numBeams: 2, earlyStopping: 'never' });
      const [all] = await search(decoder, IMAGE, { ...options, numBeams: 64, earlyStopping: 'never' });
      expect(all?.score).toBeGreaterThanOrEqual((few?.score as number) - 1e-6);
      expect(all?.score).toBeCloseTo(best?.score as number, 5);
    }),
    { numRuns: 60 },
  ));

test('groups are different from each other where plain beams agree', async () => {
  const decoder = new TableDecoder({ vocabularySize: 20, seed: 3, memory: 1 });
  const options = { startTokenIds: [0], endTokenIds: [1], maxLength: 6, numBeams: 4, numCaptions: 4 };
  const firsts = (found: readonly { readonly tokenIds: readonly number[] }[]) =>
    new Set(found.map(({ tokenIds }) => tokenIds[0])).size;
  const plain = await search(decoder, IMAGE, options);
  const diverse = await search(decoder, IMAGE, { ...options, numBeamGroups: 4, diversityPenalty: 50 });
  expect(firsts(diverse)).toBe(4);
  expect(firsts(plain)).toBeLessThan(4);
});

test('a stopping criterion ends captions, which count as unfinished', async () => {
  for (const strategy of [{}, { numBeams: 3 }, { strategy: 'sample' as const, seed: 1 }]) {
    const decoder = new TableDecoder({ vocabularySize: 9, seed: 4, bias: { 1: -1000 } });
    const atTwo = {
      name: 'two tokens',
      shouldStop: ({ tokenIds }: { tokenIds: readonly number[] }) => tokenIds.length === 2,
    };
    const options = { startTokenIds: [0], endTokenIds: [1], maxLength: 9, stoppingCriteria: [atTwo], ...strategy };
    const [found] = await search(decoder, IMAGE, options);
    expect(found).toMatchObject({ isFinished: false });
    expect(found?.tokenIds).toHaveLength(2);
  }
});
