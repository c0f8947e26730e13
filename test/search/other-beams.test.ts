import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { search, type SearchOptions } from '../../src/search/index.js';
import { IMAGE } from './exhaustive.js';
import { type Found, models, recording } from './vision-encoder-decoder.js';

interface RecordedSearch {
  readonly seed: number;
  readonly search: 'clipcap' | 'tutorial';
  readonly numBeams: number;
  readonly maxLength: number;
  /** Best first; the tutorial gives one at most. */
  readonly found: readonly Found[];
}

/** What `fixtures/record_other_beams.py` recorded. */
const recorded = JSON.parse(
  readFileSync(new URL('fixtures/other-beams.json', import.meta.url), 'utf8'),
) as readonly RecordedSearch[];

const tokens = { startTokenIds: [recording.start], endTokenIds: [recording.end] };

/** The options with which a search of ours is the other one. */
function optionsFor({ search: name, numBeams, maxLength }: RecordedSearch): SearchOptions {
  return name === 'clipcap'
    ? { ...tokens, maxLength, numBeams, numCaptions: numBeams, whenBeamEnds: 'keep' }
    : { ...tokens, maxLength, numBeams, lengthPenalty: 0, whenBeamEnds: 'shrink' };
}

describe.each([
  ['clipcap', "ClipCap's beam search"],
  ['tutorial', "the attention tutorial's beam search"],
])('%s: what %s finds', (name) => {
  for (const expected of recorded.filter((record) => record.search === name)) {
    const { seed, numBeams, maxLength, found } = expected;
    test(`seed ${seed}, ${numBeams} beams, ${maxLength} tokens`, async () => {
      const { decoder } = models.find((model) => model.seed === seed)!;
      const result = await search(decoder, IMAGE, optionsFor(expected));
      if (found.length === 0) {
        expect(result.map(({ isFinished }) => isFinished)).toEqual([false]); // where the tutorial fails
        return;
      }
      expect(result.map(({ tokenIds, isFinished }) => ({ tokenIds, isFinished }))).toEqual(
        found.map(({ tokenIds, isFinished }) => ({ tokenIds, isFinished })),
      );
      found.forEach(({ score }, index) => expect(result[index]?.score).toBeCloseTo(score as number, 4));
    });
  }
});
