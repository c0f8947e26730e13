import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AGE_EN,
  COCO_GB,
  createLexicon,
  extendLexicon,
  GENDER_DE,
  GENDER_EN,
  HENDRICKS_2018,
} from '../../src/bias/index.js';
import { InvalidArgumentError } from '../../src/core/index.js';

const DATA = {
  name: 'test',
  version: '1',
  attribute: 'gender',
  language: 'en',
  source: 'this test',
  groups: { male: ['man', 'men'], female: ['woman', 'women'] },
  neutral: ['person', 'child'],
};

describe('categories of gender-en', () => {
  it.each([
    ['man', 'male'],
    ['A man', 'male'],
    ['woman.', 'female'],
    ['WOMAN', 'female'],
    ["A man's hat", 'male'],
    ['The boys’ ball', 'male'],
    ["the girls' ball", 'female'],
    ['two women, running', 'female'],
    ['“women”', 'female'],
    ['(her dog)', 'female'],
    ['a woman/man', 'both'],
    ['a boy and a girl', 'both'],
    ['a father-daughter dance', 'both'],
    ['a man-child', 'male'],
    ['a ten-year-old-girl', 'female'],
    ['a snow-woman', 'female'],
    ['a man-made lake', 'none'],
    ["a no man's land", 'none'],
    ['a king-sized bed', 'none'],
    ['a king size bed', 'none'],
    ['a gingerbread man', 'none'],
    ['a mankini on a manhole', 'none'],
    ['the human', 'neutral'],
    ['a personal womanly thing', 'none'],
    ['two people and a dog', 'neutral'],
    ['a person and a woman', 'female'],
    ['a dog', 'none'],
    ['', 'none'],
  ])('%s → %s', (text, category) => {
    expect(GENDER_EN.categorize(text)).toBe(category);
  });

  it('matches give places in the text, without the possessive', () => {
    const text = 'The lady’s dog and a man';
    const matches = GENDER_EN.find(text);
    expect(matches.map(({ start, end }) => text.slice(start, end))).toEqual(['lady', 'man']);
    expect(matches.map(({ group }) => group)).toEqual(['female', 'male']);
  });

  it('finds every word of its lists alone, in a sentence and before a possessive', () => {
    for (const group of GENDER_EN.groupNames) {
      for (const word of GENDER_EN.data.groups[group]) {
        for (const text of [word, `A ${word}, there.`, `${word}'s`, word.toUpperCase()]) {
          expect(GENDER_EN.categorize(text), text).toBe(group);
        }
      }
    }
  });

  it('never finds a word inside another', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('man', 'woman', 'her', 'he', 'boy'),
        fc.stringMatching(/^[a-z]{1,3}$/u),
        (word, more) => {
          const longer = [`${word}${more}x`, `x${more}${word}`];
          const listed = longer.filter((text) => GENDER_EN.find(text).some(({ word: found }) => found !== text));
          expect(listed).toEqual([]);
        },
      ),
    );
  });

  it('every counterpart leaves a text of no group', () => {
    for (const word of Object.values(GENDER_EN.data.counterparts ?? {})) {
      expect(['neutral', 'none'], word).toContain(GENDER_EN.categorize(word));
    }
  });
});

describe('other languages and attributes', () => {
  it.each([
    ['Eine junge Frau läuft', 'female'],
    ['Junge Frau mit Hund', 'female'],
    ['Ein Junge spielt', 'male'],
    ['Der junge Mann', 'male'],
    ['Jungen Leuten hilft sie', 'neutral'],
    ['Die Männer und die Mädchen', 'both'],
    ['Zwei Kinder', 'neutral'],
    ['Ein Hund auf der Herrenwiese', 'none'],
  ])('gender-de: %s → %s', (text, category) => {
    expect(GENDER_DE.categorize(text)).toBe(category);
  });

  it.each([
    ['an old man', 'older'],
    ['a man', 'adult'],
    ['a girl', 'child'],
    ['an elderly woman and a boy', 'both'],
    ['a teenager', 'neutral'],
    ['a grandmother', 'older'],
  ])('age-en: %s → %s', (text, category) => {
    expect(AGE_EN.categorize(text)).toBe(category);
  });
});

describe('createLexicon', () => {
  it('refuses a word in two groups, and names it', () => {
    const overlapping = { ...DATA, groups: { male: ['man', 'doctor'], female: ['woman', 'Doctor'] } };
    expect(() => createLexicon(overlapping)).toThrow(InvalidArgumentError);
    expect(() => createLexicon(overlapping)).toThrow(/"Doctor" in both "male" and "female"/u);
    expect(() => createLexicon({ ...DATA, neutral: ['men'] })).toThrow(/"men" in both "male" and "neutral"/u);
  });

  it.each([
    [{ ...DATA, groups: { male: ['man'] } }, /at least two/u],
    [{ ...DATA, groups: { male: ['man'], both: ['x'] } }, /name of a category/u],
    [{ ...DATA, groups: { male: ['man'], female: [] } }, /no words in group "female"/u],
    [{ ...DATA, groups: { male: ['man'], female: ['—'] } }, /not a word/u],
    [{ ...DATA, counterparts: { dog: 'animal' } }, /counterpart of "dog"/u],
  ])('refuses what is no lexicon', (data, message) => {
    expect(() => createLexicon(data as never)).toThrow(message);
    expect(() => createLexicon(data as never)).toThrow(InvalidArgumentError);
  });

  it('takes the longest phrase', () => {
    const lexicon = createLexicon({ ...DATA, excluded: ['man o war', 'man'.concat(' bun')] });
    expect(lexicon.categorize('a man bun')).toBe('none');
    expect(lexicon.categorize('a man o war')).toBe('none');
    expect(lexicon.categorize('a man o wars')).toBe('male');
  });
});

describe('extendLexicon', () => {
  it('adds and removes, under a new name', () => {
    const base = createLexicon(DATA);
    const changed = extendLexicon(base, {
      name: 'test-2',
      version: '1',
      groups: { female: ['mermaid'] },
      neutral: ['diver'],
      remove: ['men'],
    });
    expect(changed.categorize('a mermaid')).toBe('female');
    expect(changed.categorize('men')).toBe('none');
    expect(changed.categorize('a diver')).toBe('neutral');
    expect(base.categorize('a mermaid')).toBe('none');
    expect(() => extendLexicon(base, { name: 'test', version: '2' })).toThrow(InvalidArgumentError);
  });

  it('takes a removed word out of the counterparts too', () => {
    const changed = extendLexicon(GENDER_EN, { name: 'no-kings', version: '1', remove: ['king', 'kings'] });
    expect(changed.data.counterparts).not.toHaveProperty('king');
    expect(changed.categorize('a king')).toBe('none');
  });
});

it('the published lists have the published sizes', () => {
  expect(HENDRICKS_2018.data.groups.male).toHaveLength(26);
  expect(HENDRICKS_2018.data.groups.female).toHaveLength(18);
  expect(COCO_GB.data.groups).toEqual({
    male: ['man', 'men', 'boy', 'boys'],
    female: ['woman', 'women', 'girl', 'girls'],
  });
});
