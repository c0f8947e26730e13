import fc from 'fast-check';
import { expect, test } from 'vitest';
import { search, type EarlyStopping, type SearchOptions } from '../../src/search/index.js';
import { RecordingDecoder, TableDecoder } from '../../src/testing/index.js';
import { enumerateAll, IMAGE } from './exhaustive.js';

interface Toy {
  readonly decoder: TableDecoder;
  readonly options: SearchOptions & { readonly maxLength: number; readonly numBeams: number };
}

/** A toy of 4 to 6 tokens, and any options that leave it something to say: tokens 0 and 2 are never banned. */
const toys: fc.Arbitrary<Toy> = fc
  .record({
    vocabularySize: fc.integer({ min: 4, max: 6 }),
    seed: fc.nat(),
    memory: fc.constantFrom(0, 1, 2, Infinity),
    maxLength: fc.integer({ min: 1, max: 5 }),
    minLengthShare: fc.double({ min: 0, max: 1, noNaN: true }),
    numBeams: fc.integer({ min: 1, max: 8 }),
    numCaptionsShare: fc.double({ min: 0, max: 1, noNaN: true }),
    lengthPenalty: fc.double({ min: -2, max: 3, noNaN: true }),
    noRepeatNgramSize: fc.constantFrom(0, 2, 3),
    earlyStopping: fc.constantFrom<EarlyStopping>(true, false, 'never'),
    startTokenIds: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
    endTokenIds: fc.subarray([1, 3]),
    bannedTokenIds: fc.subarray([1, 3]),
  })
  .map(({ vocabularySize, seed, memory, minLengthShare, numCaptionsShare, ...options }) => ({
    decoder: new TableDecoder({
      vocabularySize: options.noRepeatNgramSize > 0 ? 9 : vocabularySize, // so that the rule leaves some
      seed,
      memory,
      regions: 2,
    }),
    options: {
      ...options,
      maxLength: options.noRepeatNgramSize > 0 ? Math.min(options.maxLength, 4) : options.maxLength,
    },
    minLengthShare,
    numCaptionsShare,
  }))
  .map(({ decoder, options, minLengthShare, numCaptionsShare }) => ({
    decoder,
    options: {
      ...options,
      minLength: Math.round(minLengthShare * options.maxLength),
      numCaptions: 1 + Math.floor(numCaptionsShare * (options.numBeams - 1)),
    },
  }));

function check(name: string, predicate: (toy: Toy) => Promise<void>): void {
  test(name, () => fc.assert(fc.asyncProperty(toys, predicate), { numRuns: 150 }));
}

check('results are sorted, different, and no more than asked for', async ({ decoder, options }) => {
  const found = await search(decoder, IMAGE, options);
  expect(found.length).toBeGreaterThan(0);
  expect(found.length).toBeLessThanOrEqual(options.numCaptions ?? 1);
  const scores = found.map(({ score }) => score);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  if (options.endTokenIds.length > 1) return; // the same tokens may be ended by either
  expect(new Set(found.map(({ tokenIds, isFinished }) => `${tokenIds.join()} ${isFinished}`)).size).toBe(found.length);
});

check('log-probabilities add up, and scores follow the formula', async ({ decoder, options }) => {
  for (const hypothesis of await search(decoder, IMAGE, options)) {
    const { tokenIds, tokenLogProbs, logProb, score, isFinished, attention } = hypothesis;
    expect(tokenLogProbs.length).toBe(tokenIds.length + (isFinished ? 1 : 0));
    expect(tokenLogProbs.reduce((sum, tokenLogProb) => sum + tokenLogProb, 0)).toBe(logProb);
    expect(logProb).toBeLessThanOrEqual(0);
    expect(score).toBe(logProb / tokenLogProbs.length ** (options.lengthPenalty as number));
    expect(attention).toHaveLength(tokenIds.length);
  }
});

check('every rule is kept', async ({ decoder, options }) => {
  const { minLength = 0, maxLength, endTokenIds, bannedTokenIds = [], noRepeatNgramSize: size = 0 } = options;
  for (const { tokenIds, tokenLogProbs, isFinished } of await search(decoder, IMAGE, options)) {
    expect(tokenIds.filter((id) => endTokenIds.includes(id) || bannedTokenIds.includes(id))).toEqual([]);
    expect(tokenIds.length).toBeGreaterThanOrEqual(minLength);
    if (isFinished) expect(tokenLogProbs.length).toBeLessThanOrEqual(maxLength);
    else expect(tokenIds.length).toBe(maxLength);
    if (size === 0) continue;
    const runs = tokenIds.slice(size - 1).map((_, at) => tokenIds.slice(at, at + size).join());
    expect(new Set(runs).size).toBe(runs.length);
  }
});

check('no number of beams beats the exhaustive search', async ({ decoder, options }) => {
  const best = enumerateAll(decoder, options)[0];
  const [found] = await search(decoder, IMAGE, options);
  expect(found?.score).toBeLessThanOrEqual((best?.score as number) * (1 - 1e-6) + 1e-6);
});

check('the decoder is called as its contract wants, with no more rows than beams', async ({ decoder, options }) => {
  const recording = new RecordingDecoder(decoder); // throws where the contract is broken
  await search(recording, IMAGE, options);
  expect(recording.starts).toBe(1);
  expect(recording.steps.length).toBeLessThanOrEqual(options.startTokenIds.length + options.maxLength - 1);
  for (const tokenIds of recording.steps) expect(tokenIds.length).toBeLessThanOrEqual(options.numBeams);
});

check('the same search gives the same result', async ({ decoder, options }) => {
  expect(await search(decoder, IMAGE, options)).toEqual(await search(decoder, IMAGE, options));
});
