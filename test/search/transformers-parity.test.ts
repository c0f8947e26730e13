import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { search, type SearchOptions } from '../../src/search/index.js';
import { TableDecoder, type TableDecoderOptions } from '../../src/testing/index.js';
import { IMAGE } from './exhaustive.js';

interface Recorded {
  readonly table: TableDecoderOptions;
  readonly options: SearchOptions;
  readonly hypotheses: readonly { tokenIds: number[]; isFinished: boolean; score?: number }[];
}

const fixture = JSON.parse(readFileSync(new URL('./fixtures/transformers-generate.json', import.meta.url), 'utf8')) as {
  readonly transformers: string;
  readonly cases: readonly Recorded[];
};

describe(`what transformers ${fixture.transformers} finds, the search finds`, () => {
  for (const { table, options, hypotheses } of fixture.cases) {
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
