import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bestCandidates } from '../../src/search/candidates/best-candidates.js';
import { maximum } from '../../src/search/numerics/maximum.js';
import { EMPTY_HYPOTHESIS } from '../../src/search/types/hypothesis.js';
import { search } from '../../src/search/index.js';
import { TableDecoder } from '../../src/testing/index.js';

const rowScore = fc.constantFrom(0, -1, -2);
const tokenScore = fc.constantFrom(-Infinity, -0.5, -1, -2, -2.5, -3);

test('finds what sorting everything finds, ties and all', () => {
  const tables = fc
    .record({
      rows: fc.integer({ min: 1, max: 4 }),
      vocabularySize: fc.integer({ min: 1, max: 9 }),
      count: fc.integer({ min: 1, max: 40 }),
    })
    .chain(({ rows, vocabularySize, count }) =>
      fc.record({
        before: fc.array(rowScore, { minLength: rows, maxLength: rows }),
        table: fc.array(tokenScore, { minLength: rows * vocabularySize, maxLength: rows * vocabularySize }),
        count: fc.constant(count),
      }),
    );
  fc.assert(
    fc.property(tables, ({ before, table, count }) => {
      const vocabularySize = table.length / before.length;
      const sorted = table
        .map((score, index) => {
          const row = Math.floor(index / vocabularySize);
          return { row, tokenId: index % vocabularySize, logProb: (before[row] as number) + score };
        })
        .filter(({ logProb }) => logProb > -Infinity)
        .sort((a, b) => b.logProb - a.logProb || a.tokenId - b.tokenId || a.row - b.row);
      const rows = before.map((logProb) => ({ ...EMPTY_HYPOTHESIS, logProb }));
      expect(bestCandidates({ rows, logProbs: Float32Array.from(table) }, count)).toEqual(sorted.slice(0, count));
    }),
    { numRuns: 300 },
  );
});

test('of a vocabulary of many blocks, with what is known of them or without', () => {
  const size = 5000; // five blocks
  const tables = fc.array(fc.array(fc.tuple(fc.nat(size - 1), tokenScore), { maxLength: 20 }), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(tables, fc.integer({ min: 1, max: 12 }), (table, count) => {
      const rows = table.map((_, row) => ({ ...EMPTY_HYPOTHESIS, logProb: -row / 4 }));
      const logProbs = new Float32Array(rows.length * size).fill(-Infinity);
      table.forEach((scores, row) => scores.forEach(([tokenId, score]) => (logProbs[row * size + tokenId] = score)));
      const bounds = rows.map((_, row) =>
        Float32Array.from({ length: 5 }, (_, block) =>
          maximum(logProbs.subarray(row * size, (row + 1) * size), block * 1024, Math.min(block * 1024 + 1024, size)),
        ),
      );
      const found = bestCandidates({ rows, logProbs }, count);
      expect(bestCandidates({ rows, logProbs, bounds }, count)).toEqual(found);
      const wanted = [...logProbs].map(
        (score, at) => (rows[Math.floor(at / size)] as { logProb: number }).logProb + score,
      );
      expect(found.map(({ logProb }) => logProb)).toEqual(
        wanted
          .filter((score) => score > -Infinity)
          .sort((a, b) => b - a)
          .slice(0, count),
      );
    }),
    { numRuns: 30 },
  );
});

test('what a processor lifts above all others is found', async () => {
  const unlikely = Object.fromEntries(Array.from({ length: 904 }, (_, i) => [4096 + i, -20])); // the whole last block
  const decoder = new TableDecoder({ vocabularySize: 5000, bias: unlikely });
  const process = (scores: Float32Array): void => void (scores[4321] = 0);
  const options = { startTokenIds: [0], endTokenIds: [], maxLength: 3, numBeams: 3 };
  const [best] = await search(decoder, {}, { ...options, logitsProcessors: [{ name: 'lift', process }] });
  expect(best?.tokenIds).toEqual([4321, 4321, 4321]);
  const [biased] = await search(decoder, {}, { ...options, logitBias: { 4321: 50 } });
  expect(biased?.tokenIds).toEqual([4321, 4321, 4321]);
});
