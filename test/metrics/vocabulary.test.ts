import { describe, expect, it } from 'vitest';
import { captionKeys, VocabularyAccumulator, vocabularyStatistics } from '../../src/metrics/index.js';

const captions = ['a dog runs', 'a dog runs', 'a cat'].map((caption) => caption.split(' '));

describe('vocabularyStatistics', () => {
  it('counts words, captions, n-grams and lengths', () => {
    expect(vocabularyStatistics(captions)).toEqual({
      captions: 3,
      tokens: 8,
      vocabulary: 4,
      distinctCaptions: 2,
      distinct: [4 / 8, 3 / 5, 1 / 2, null],
      length: {
        mean: 8 / 3,
        standardDeviation: expect.closeTo(Math.sqrt(1 / 3), 12) as number,
        min: 2,
        max: 3,
        histogram: [0, 0, 1, 2],
      },
      seenInTraining: null,
      mostFrequent: [
        ['a', 3],
        ['dog', 2],
        ['runs', 2],
        ['cat', 1],
      ],
    });
  });

  it('tells n-grams apart that run together', () => {
    expect(
      vocabularyStatistics([
        ['ab', 'c'],
        ['a', 'bc'],
      ]).distinct[1],
    ).toBe(1);
  });

  it('has the share of captions that were seen in training', () => {
    const training = captionKeys([
      ['a', 'dog', 'runs'],
      ['two', 'birds'],
    ]);
    expect(vocabularyStatistics(captions, { training }).seenInTraining).toBeCloseTo(2 / 3, 12);
  });

  it('has no NaN for one caption or an empty one', () => {
    const { length, distinct } = vocabularyStatistics([[]]);
    expect(length).toEqual({ mean: 0, standardDeviation: 0, min: 0, max: 0, histogram: [1] });
    expect(distinct).toEqual([null, null, null, null]);
  });

  it('refuses no captions', () => {
    expect(() => vocabularyStatistics([])).toThrow(/no captions/);
    expect(() => new VocabularyAccumulator().result()).toThrow();
  });
});
