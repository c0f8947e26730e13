import { describe, expect, test } from 'vitest';
import { drawCandidates } from '../../src/search/candidates/drawn-candidates.js';
import { createRandom } from '../../src/numerics/random.js';
import { EMPTY_HYPOTHESIS } from '../../src/search/types/hypothesis.js';
import { search, type SamplingOptions } from '../../src/search/index.js';
import { RecordingDecoder, TableDecoder } from '../../src/testing/index.js';
import { chiSquared, CHI_SQUARED_LIMIT } from './chi-squared.js';
import { enumerateAll, IMAGE, logSoftmax64 } from './exhaustive.js';

const base = { startTokenIds: [0], endTokenIds: [1], maxLength: 3 };

/** How often each caption is drawn, in `rounds` searches of 64. */
async function countCaptions(
  decoder: TableDecoder,
  options: SamplingOptions,
  rounds = 60,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < rounds; seed++) {
    const found = await search(decoder, IMAGE, { ...base, strategy: 'sample', numCaptions: 64, seed, ...options });
    for (const { tokenIds, isFinished } of found) {
      const key = `${tokenIds.join()} ${isFinished}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

describe('sampling', () => {
  const decoder = new TableDecoder({ vocabularySize: 5, seed: 7, spread: 1.5 });

  test('draws captions as often as their probability says (chi-squared against enumeration)', async () => {
    const exact = enumerateAll(decoder, base).map(({ tokenIds, isFinished, logProb }) => ({
      key: `${tokenIds.join()} ${isFinished}`,
      probability: Math.exp(logProb),
    }));
    expect(exact.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
    expect(chiSquared(await countCaptions(decoder, {}), exact)).toBeLessThan(CHI_SQUARED_LIMIT);
  });

  test('the test is able to fail: another temperature is another distribution', async () => {
    const exact = enumerateAll(decoder, base).map(({ tokenIds, isFinished, logProb }) => ({
      key: `${tokenIds.join()} ${isFinished}`,
      probability: Math.exp(logProb),
    }));
    expect(chiSquared(await countCaptions(decoder, { temperature: 0.7 }), exact)).toBeGreaterThan(CHI_SQUARED_LIMIT);
  });

  /** The first token's distribution under a rule, worked out apart from the library. */
  const RULES: readonly (readonly [SamplingOptions, (probabilities: number[]) => number[]])[] = [
    [{ temperature: 0.5 }, (p) => p.map((x) => x ** 2)],
    [{ temperature: 2 }, (p) => p.map((x) => x ** 0.5)],
    [{ topK: 2 }, (p) => p.map((x) => (x >= [...p].sort((a, b) => b - a)[1]! ? x : 0))],
    [{ topP: 0.6 }, (p) => p.map((x) => (p.filter((y) => y > x).reduce((sum, y) => sum + y, 0) < 0.6 ? x : 0))],
    [{ minP: 0.5 }, (p) => p.map((x) => (x >= 0.5 * Math.max(...p) ? x : 0))],
    [{ typicalP: 0.5 }, (p) => typical(p, 0.5)],
    [{ temperature: 2, topK: 3 }, (p) => p.map((x) => (x >= [...p].sort((a, b) => b - a)[2]! ? x ** 0.5 : 0))],
  ];

  test.each(RULES)('%j draws from the distribution that it names', async (options, rule) => {
    const logProbs = logSoftmax64(decoder.logits([0]));
    const weights = rule(logProbs.map((logProb) => Math.exp(logProb)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const exact = weights.map((weight, tokenId) => ({ key: `${tokenId}`, probability: weight / total }));
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 60; seed++) {
      const found = await search(decoder, IMAGE, {
        ...base,
        maxLength: 1,
        endTokenIds: [],
        strategy: 'sample',
        numCaptions: 64,
        seed,
        ...options,
      });
      for (const { tokenIds, logProb } of found) {
        counts.set(`${tokenIds[0]}`, (counts.get(`${tokenIds[0]}`) ?? 0) + 1);
        expect(logProb).toBeCloseTo(logProbs[tokenIds[0]!]!, 5); // the model's own, whatever is drawn by
      }
    }
    expect(chiSquared(counts, exact)).toBeLessThan(CHI_SQUARED_LIMIT);
  });

  test('the same seed draws the same, another seed another', async () => {
    const draw = (seed: number) =>
      search(decoder, IMAGE, { ...base, maxLength: 12, strategy: 'sample', numCaptions: 3, seed });
    expect(await draw(5)).toEqual(await draw(5));
    expect(await draw(5)).not.toEqual(await draw(6));
  });

  test('without a seed it is another draw each time', async () => {
    const wide = new TableDecoder({ vocabularySize: 500 });
    const draw = () => search(wide, IMAGE, { ...base, endTokenIds: [], maxLength: 8, strategy: 'sample' });
    expect(await draw()).not.toEqual(await draw());
  });

  test('the caption that is drawn alone is among those that are drawn together', async () => {
    const draw = (numCaptions: number) =>
      search(decoder, IMAGE, { ...base, maxLength: 10, strategy: 'sample', numCaptions, seed: 3 });
    expect(await draw(6)).toContainEqual((await draw(1))[0]);
  });

  test('captions that have ended leave the batch', async () => {
    const recording = new RecordingDecoder(new TableDecoder({ vocabularySize: 4, bias: { 1: 1 } }));
    await search(recording, IMAGE, { ...base, maxLength: 20, strategy: 'sample', numCaptions: 16, seed: 1 });
    const rows = recording.steps.map(({ length }) => length);
    expect(rows.slice(1)).toEqual(rows.slice(1).sort((a, b) => b - a));
    expect(rows.at(-1)).toBeLessThan(16);
  });

  test('obeys the rules of every search', async () => {
    const found = await search(decoder, IMAGE, {
      ...base,
      maxLength: 10,
      strategy: 'sample',
      numCaptions: 64,
      seed: 1,
      bannedTokenIds: [2],
      bannedPhrases: [[3, 3]],
      minLength: 2,
    });
    for (const { tokenIds } of found) {
      expect(tokenIds).not.toContain(2);
      expect(tokenIds.join()).not.toContain('3,3');
      expect(tokenIds.length).toBeGreaterThanOrEqual(2);
    }
  });
});

describe('beam sampling', () => {
  test('draws candidates without replacement, in proportion to their weight', () => {
    const logProbs = Float32Array.from([0.5, 0.2, 0.3, 0.6, 0.4, 0], Math.log); // two rows of three
    const rows = [Math.log(0.7), Math.log(0.3)].map((logProb) => ({ ...EMPTY_HYPOTHESIS, logProb }));
    const scores = { rows, logProbs, drawLogits: logProbs, entropies: [0, 0] };
    const random = createRandom(1, 0);
    const firsts = new Map<string, number>();
    const pairs = new Map<string, number>();
    for (let round = 0; round < 4000; round++) {
      const drawn = drawCandidates(scores, 1, random);
      const key = (candidates: typeof drawn) => candidates.map(({ row, tokenId }) => `${row}${tokenId}`).join();
      firsts.set(key(drawn), (firsts.get(key(drawn)) ?? 0) + 1);
      const two = drawCandidates(scores, 2, random);
      expect(new Set(two.map(({ row, tokenId }) => `${row}${tokenId}`)).size).toBe(2);
      pairs.set(key(two), (pairs.get(key(two)) ?? 0) + 1);
    }
    const weights = { '00': 0.35, '01': 0.14, '02': 0.21, 10: 0.18, 11: 0.12 } as Record<string, number>;
    const exact = Object.entries(weights).map(([key, probability]) => ({ key, probability }));
    expect(chiSquared(firsts, exact)).toBeLessThan(CHI_SQUARED_LIMIT);
    const exactPairs = exact.flatMap((a, i) =>
      exact.slice(i + 1).map((b) => ({
        key: [a, b]
          .sort((x, y) => y.probability - x.probability)
          .map(({ key }) => key)
          .join(),
        probability:
          (a.probability * b.probability) / (1 - a.probability) + (b.probability * a.probability) / (1 - b.probability),
      })),
    );
    expect(chiSquared(pairs, exactPairs)).toBeLessThan(CHI_SQUARED_LIMIT);
  });

  test('is reproducible, sorted, and with one token to draw from the plain beam search', async () => {
    const decoder = new TableDecoder({ vocabularySize: 12, seed: 2 });
    const draw = (seed: number) =>
      search(decoder, IMAGE, { ...base, maxLength: 8, strategy: 'beam-sample', numBeams: 4, numCaptions: 4, seed });
    expect(await draw(1)).toEqual(await draw(1));
    expect(await draw(1)).not.toEqual(await draw(2));
    const scores = (await draw(1)).map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const [only] = await search(decoder, IMAGE, { ...base, strategy: 'beam-sample', numBeams: 2, topK: 1 });
    const [greedy] = await search(decoder, IMAGE, base);
    expect(only?.tokenIds).toEqual(greedy?.tokenIds);
  });
});

/** Locally typical sampling, by its definition. */
function typical(p: number[], mass: number): number[] {
  const entropy = -p.reduce((sum, x) => sum + x * Math.log(x), 0);
  const order = [...p.keys()].sort(
    (a, b) => Math.abs(-Math.log(p[a]!) - entropy) - Math.abs(-Math.log(p[b]!) - entropy),
  );
  const kept = new Set<number>();
  let sum = 0;
  for (const tokenId of order) {
    if (sum >= mass) break;
    kept.add(tokenId);
    sum += p[tokenId]!;
  }
  return p.map((x, tokenId) => (kept.has(tokenId) ? x : 0));
}
