import { readFileSync } from 'node:fs';
import type { SearchOptions } from '../../src/search/index.js';
import type { TableDecoderOptions } from '../../src/testing/index.js';
import type { Found } from './vision-encoder-decoder.js';

/** What `fixtures/record_transformers.py` recorded: searches over endless random tables. */
export const recordedTables = JSON.parse(
  readFileSync(new URL('fixtures/transformers-generate.json', import.meta.url), 'utf8'),
) as {
  readonly transformers: string;
  readonly cases: readonly {
    readonly table: TableDecoderOptions;
    readonly options: SearchOptions;
    readonly hypotheses: readonly Found[];
  }[];
};
