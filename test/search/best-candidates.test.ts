import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bestCandidates } from '../../src/search/candidates/best-candidates.js';
import { EMPTY_HYPOTHESIS } from '../../src/search/hypothesis.js';

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
