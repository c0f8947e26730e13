import { describe, expect, test } from 'vitest';
import { search } from '../../src/search/index.js';
import { TableDecoder } from '../../src/testing/index.js';
import { IMAGE } from './exhaustive.js';
import { recordedTables } from './recorded-tables.js';

describe(`what transformers ${recordedTables.transformers} finds, the search finds`, () => {
  for (const { table, options, hypotheses } of recordedTables.cases) {
    const { startTokenIds, ...shown } = options;
    test(`seed ${table.seed}, after ${startTokenIds.join()}: ${JSON.stringify(shown)}`, async () => {
      const found = await search(new TableDecoder(table), IMAGE, options);
      expect(found.map(({ tokenIds, isFinished }) => ({ tokenIds, isFinished }))).toEqual(
        hypotheses.map(({ tokenIds, isFinished }) => ({ tokenIds, isFinished })),
      );
      hypotheses.forEach(({ score }, index) => {
        if (score === undefined) return; // greedy search there gives none
        expect(Math.abs((found[index]?.score as number) - score)).toBeLessThan(1e-5 * (1 + Math.abs(score)));
      });
    });
  }
});
