import { describe, expect, test } from 'vitest';
import { search } from '../../src/search/index.js';
import { IMAGE } from './exhaustive.js';
import { optionsFor, otherBeams } from './other-beams.js';
import { models } from './vision-encoder-decoder.js';

describe.each([
  ['clipcap', "ClipCap's beam search"],
  ['tutorial', "the attention tutorial's beam search"],
])('%s: what %s finds', (name) => {
  for (const expected of otherBeams.filter((record) => record.search === name)) {
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
