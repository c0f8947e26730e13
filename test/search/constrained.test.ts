import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { progressOf } from '../../src/search/scoring/required-phrases.js';
import { search } from '../../src/search/index.js';
import { TableDecoder } from '../../src/testing/index.js';
import { enumerateAll, IMAGE } from './exhaustive.js';

const contains = (tokenIds: readonly number[], phrase: readonly number[]): boolean =>
  `,${tokenIds.join()},`.includes(`,${phrase.join()},`);

describe('progress with required phrases', () => {
  const phrases = [[[2, 3]], [[4], [5, 6]]];

  test.each([
    { tokenIds: [], missing: 3 },
    { tokenIds: [2], missing: 2 },
    { tokenIds: [2, 7], missing: 3 },
    { tokenIds: [2, 3], missing: 1 },
    { tokenIds: [2, 3, 5], missing: 1 },
    { tokenIds: [5, 6], missing: 2 },
    { tokenIds: [2, 3, 5, 6], missing: 0 },
    { tokenIds: [4, 2, 2, 3], missing: 0 },
  ])('after $tokenIds, $missing tokens are missing', ({ tokenIds, missing }) => {
    expect(progressOf(tokenIds, phrases).missing).toBe(missing);
  });

  test('says what each token would leave', () => {
    const { missingAfterOther, next } = progressOf([2], phrases);
    expect(missingAfterOther).toBe(3);
    expect([...next].sort()).toEqual([
      [2, 2],
      [3, 1],
      [4, 2],
      [5, 3],
    ]);
  });
});

describe('a constrained beam search', () => {
  const toys = fc.record({
    seed: fc.nat(),
    numBeams: fc.integer({ min: 2, max: 6 }),
    maxLength: fc.integer({ min: 5, max: 8 }),
    requiredPhrases: fc.array(
      fc.array(fc.array(fc.constantFrom(2, 3, 4, 5), { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
      { minLength: 1, maxLength: 2 },
    ),
  });

  test('gives captions that contain one of each list, whatever the model thinks of it', () =>
    fc.assert(
      fc.asyncProperty(toys, async ({ seed, ...options }) => {
        const decoder = new TableDecoder({ vocabularySize: 12, seed, spread: 6, bias: { 1: 4 } });
        const tokens = { startTokenIds: [0], endTokenIds: [1] };
        const found = await search(decoder, IMAGE, { ...tokens, ...options, numCaptions: options.numBeams });
        expect(found.length).toBeGreaterThan(0);
        for (const { tokenIds } of found) {
          for (const phrase of options.requiredPhrases) {
            expect(phrase.some((alternative) => contains([0, ...tokenIds], alternative))).toBe(true);
          }
        }
      }),
      { numRuns: 150 },
    ));

  test('with beams enough finds the best of all captions that contain the phrases', async () => {
    for (let seed = 0; seed < 8; seed++) {
      const decoder = new TableDecoder({ vocabularySize: 5, seed });
      const options = { startTokenIds: [0], endTokenIds: [1], maxLength: 4, lengthPenalty: 0.7 };
      const phrase = [2, 3];
      // A phrase leaves room for an end token after it, whether one comes or not.
      const inTime = (tokenIds: readonly number[], isFinished: boolean) =>
        isFinished ? tokenIds : tokenIds.slice(0, -1);
      const best = enumerateAll(decoder, options).find(({ tokenIds, isFinished }) =>
        contains(inTime(tokenIds, isFinished), phrase),
      );
      const [found] = await search(decoder, IMAGE, { ...options, numBeams: 64, requiredPhrases: [[phrase]] });
      expect(found?.tokenIds).toEqual(best?.tokenIds);
      expect(found?.score).toBeCloseTo(best?.score as number, 5);
    }
  });

  test('says a phrase that fits exactly', async () => {
    const decoder = new TableDecoder({ vocabularySize: 9, bias: { 2: -50, 3: -50, 4: -50 } });
    const options = { startTokenIds: [0], endTokenIds: [1], maxLength: 4, numBeams: 2 };
    const [found] = await search(decoder, IMAGE, { ...options, requiredPhrases: [[[2, 3, 4]]] });
    expect(found?.tokenIds.slice(0, 3)).toEqual([2, 3, 4]);
  });

  test('counts what the start tokens say', async () => {
    const decoder = new TableDecoder({ vocabularySize: 9, bias: { 5: -50 } });
    const options = { startTokenIds: [0, 5], endTokenIds: [1], maxLength: 4, numBeams: 2 };
    const [found] = await search(decoder, IMAGE, { ...options, requiredPhrases: [[[5]]] });
    expect(found?.tokenIds).not.toContain(5);
  });

  test('that other rules make impossible is an error that names it', async () => {
    const decoder = new TableDecoder({ vocabularySize: 9 });
    const options = { startTokenIds: [0], endTokenIds: [1], maxLength: 3, numBeams: 2, bannedPhrases: [[2, 3]] };
    const searching = search(decoder, IMAGE, { ...options, requiredPhrases: [[[2, 3]]] });
    await expect(searching).rejects.toMatchObject({ name: 'InvalidArgumentError', argument: 'requiredPhrases' });
  });
});
