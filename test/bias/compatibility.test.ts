import { describe, expect, it } from 'vitest';
import {
  cocoGbClass,
  confidenceHendricks2018,
  evaluateCocoGb,
  evaluateHendricks2018,
  type Gender,
  hendricks2018Gender,
  jensenShannonDivergence,
  wordTokenize,
} from '../../src/bias/index.js';
import { InvalidArgumentError } from '../../src/core/index.js';

describe('wordTokenize', () => {
  // Recorded from NLTK 3.9.1's word_tokenize, punctuation left out.
  it.each([
    ['a man.', ['a', 'man']],
    ['a man. he runs', ['a', 'man', 'he', 'runs']],
    ['a man.a woman', ['a', 'man.a', 'woman']],
    ["a man's dog", ['a', 'man', "'s", 'dog']],
    ["the boys' dog", ['the', 'boys', 'dog']],
    ["a 'man' there", ['a', "'man", 'there']],
    ['a "man" there', ['a', 'man', 'there']],
    ['a man,woman', ['a', 'man', 'woman']],
    ['man,5', ['man,5']],
    ['(man) [woman]', ['man', 'woman']],
    ['man/woman man-made', ['man/woman', 'man-made']],
    ['man--woman man...', ['man', 'woman', 'man']],
    ['man’s', ['man', 's']],
  ])('%s', (text, words) => {
    expect(wordTokenize(text)).toEqual(words);
  });
});

describe('Hendricks et al. 2018', () => {
  it.each([
    ['A man .', 'male'],
    ['a woman with her dog', 'female'],
    ['a man and a woman', 'other'],
    ['he runs', 'other'], // he and him are in neither list; she and her are
    ['she runs', 'female'],
    ['a man-made lake', 'other'],
    ['a cowboy', 'other'],
  ])('%s → %s', (caption, gender) => {
    expect(hendricks2018Gender(caption)).toBe(gender);
  });

  const captions = [
    ...repeat(6, 'a man', 'male'),
    ...repeat(1, 'a woman', 'male'),
    ...repeat(3, 'a person', 'male'),
    ...repeat(2, 'a lady', 'female'),
    ...repeat(1, 'a guy', 'female'),
    ...repeat(1, 'a boy and a girl', 'female'),
  ];

  it('counts and divides as the published code', () => {
    const result = evaluateHendricks2018(captions);
    expect(result.male).toEqual({ total: 10, correct: 6, wrong: 1, other: 3 });
    expect(result.female).toEqual({ total: 4, correct: 2, wrong: 1, other: 1 });
    expect(result.error).toBe(2 / 14);
    expect(result.errorOfGendered).toBe(2 / 10);
    expect(result.ratio).toBe(3 / 7);
    expect(result.labelRatio).toBe(4 / 10);
    expect(result.ratioDifference).toBeCloseTo(4 / 10 - 3 / 7, 12);
    expect(result.outcomeDivergence).toBeCloseTo(jensenShannonDivergence([6, 1, 3], [2, 1, 1])!, 12);
  });

  it('gives null, not NaN, where it would divide by zero', () => {
    const result = evaluateHendricks2018([{ caption: 'a person', label: 'male' }]);
    expect(result).toMatchObject({
      error: 0,
      errorOfGendered: null,
      ratio: null,
      labelRatio: 0,
      outcomeDivergence: null,
    });
    expect(evaluateHendricks2018([]).error).toBeNull();
  });

  it('reads references of the confidence protocol with man and woman only', () => {
    const references = ['a man', 'a man there', 'a guy', 'a boy', 'a person'];
    const levels = confidenceHendricks2018([
      { caption: 'a guy', label: 'male', references },
      { caption: 'a person', label: 'male', references },
    ]);
    expect(levels.map(({ correct }) => correct)).toEqual([1, 1, 1, 1, 1]);
    expect(levels[1]).toEqual({ atLeast: 2, correct: 1, total: 2, accuracy: 0.5 });
    const [, second, third] = confidenceHendricks2018([{ caption: 'a guy', label: 'male', references }]);
    expect([second?.correct, third?.correct]).toEqual([1, 0]);
  });

  it('names the row of a wrong label', () => {
    const broken = [
      { caption: 'a', label: 'male' as const },
      { caption: 'b', label: 'man' as never },
    ];
    expect(() => evaluateHendricks2018(broken)).toThrow(/^Row 2/u);
    expect(() => evaluateHendricks2018(broken)).toThrow(InvalidArgumentError);
    expect(() => evaluateCocoGb(broken)).toThrow(/^Row 2/u);
  });
});

describe('COCO-GB', () => {
  it.each([
    ['a man.', 'male', 'male'],
    ['a man', 'none', 'male'],
    ['Man with a dog', 'none', 'male'],
    ['a man and a woman run', 'neutral', 'neutral'],
    ['a person runs', 'neutral', 'neutral'],
    ['a woman and a person run', 'female', 'female'],
    ['two men', 'none', 'male'],
    ['a man_x runs', 'none', 'none'],
    ['a guy runs', 'none', 'none'],
  ])('%s → published %s, corrected %s', (caption, published, corrected) => {
    expect(cocoGbClass(caption)).toBe(published);
    expect(cocoGbClass(caption, { matching: 'corrected' })).toBe(corrected);
  });

  it('leaves captions of no class out of the rates, and not out of the error', () => {
    const result = evaluateCocoGb([
      ...repeat(6, 'a man .', 'male'),
      ...repeat(2, 'a woman .', 'male'),
      ...repeat(1, 'a person .', 'male'),
      ...repeat(1, 'a guy .', 'male'),
      ...repeat(3, 'a girl .', 'female'),
      ...repeat(1, 'a boy .', 'female'),
    ]);
    expect(result.male).toEqual({
      total: 10,
      correct: 6,
      wrong: 2,
      neutral: 1,
      none: 1,
      rates: { correct: 6 / 9, wrong: 2 / 9, neutral: 1 / 9 },
    });
    expect(result.error).toBe(3 / 14);
    expect(result.maleShare).toBe(7 / 12);
  });
});

describe('jensenShannonDivergence', () => {
  it('is 0 for the same distribution, 1 for disjoint ones, null for nothing', () => {
    expect(jensenShannonDivergence([1, 2, 3], [2, 4, 6])).toBeCloseTo(0, 12);
    expect(jensenShannonDivergence([1, 0, 0], [0, 5, 5])).toBeCloseTo(1, 12);
    expect(jensenShannonDivergence([0, 0, 0], [1, 1, 1])).toBeNull();
    // 0.5·log2(0.5/0.75) + 0.5·(0.5·log2(0.5/0.75) + 0.5·log2(0.5/0.25)) by hand
    expect(jensenShannonDivergence([1, 0], [1, 1])).toBeCloseTo(
      0.5 * Math.log2(1 / 0.75) + 0.5 * (0.5 * Math.log2(0.5 / 0.75) + 0.5 * Math.log2(0.5 / 0.25)),
      12,
    );
  });
});

function repeat(count: number, caption: string, label: Gender): { caption: string; label: Gender }[] {
  return Array.from({ length: count }, () => ({ caption, label }));
}
