import { describe, expect, test } from 'vitest';
import { correctArticles, indefiniteArticle, settledArticles } from '../../src/language/indefinite-article.js';

const AN = (
  'umbrella apple old orange elephant igloo hour hour-long honest honor honorable heir heirloom honour unusual uncle umpire ugly ' +
  'ultrasound underwater unidentified unimpressed uninhabited uninviting unironed urban urn usher utter upside-down X-ray x-ray MRI ' +
  'NBA NFL LED LCD SUV suv ATV atv ATM RV rv FBI HDTV mp3 MP3 SOS F-16 L-shaped s-shaped h-beam e-mail o-ring open overhead ' +
  '8 8-year-old 80 800 8,000 11 11th 18 18-wheeler 18th 11,000 18,500 1800s 1850 80s IKEA ear empty eel eye ice-cream ' +
  'iPhone island ostrich oven owl oval oak élégant éclair ancient antelope umbrella-shaped Italian upper unopened'
).split(' ');
const A = (
  'dog university unicorn unicycle uniform unit union united unique universal one one-way one-handed once once-over onesie UFO ufo ' +
  'UK USB usb u-turn U-turn U-shaped European euro eucalyptus ewe used user useful usual utensil utility ukulele ubiquitous ' +
  'house horse helmet hat human yellow yacht young wheel white TV tv DVD PC BMW CD VIP T-shirt t-shirt D-shaped 1 7 10 12 17 19 ' +
  '100 110 118 1100000 1900s 2018 NASA FIFA NATO LEGO SWAT unesco utopian uranium Ugandan Ukrainian USA-shaped ' +
  'cat zebra bee jellyfish'
).split(' ');

describe('the indefinite article', () => {
  test.each(AN)('an %s', (word) => {
    expect(correctArticles(`there is a ${word} here`)).toBe(`there is an ${word} here`);
    expect(correctArticles(`there is an ${word} here`)).toBe(`there is an ${word} here`);
    expect(correctArticles(`A ${word} is here`)).toBe(`An ${word} is here`);
    expect(indefiniteArticle(word)).toBe('an');
  });

  test.each(A)('a %s', (word) => {
    expect(correctArticles(`there is an ${word} here`)).toBe(`there is a ${word} here`);
    expect(correctArticles(`there is a ${word} here`)).toBe(`there is a ${word} here`);
    expect(correctArticles(`An ${word} is here`)).toBe(`A ${word} is here`);
    expect(indefiniteArticle(word)).toBe('a');
  });

  test.each([
    'a herb garden and an herb garden',
    'a historic building and an historic building',
    'grade A eggs on a plate',
    'vitamin A and a bottle',
    'plan A opens',
    'a and b are letters',
    'people walk in a in a row',
    'a us flag',
    'a US flag on an US ship'.replace('an US', 'a US'),
    "the letters a, an a's",
    'banana umbrella',
    'an',
    '',
    'a-b umbrella',
    'a "dog" and a (cat)',
    'ein Apfel und a 你好',
  ])('is left alone: %s', (text) => {
    expect(correctArticles(text)).toBe(text);
  });

  test.each([
    ['a man holding a umbrella near an dog', 'a man holding an umbrella near a dog'],
    ['An man with a "open" sign. A old dog', 'A man with an "open" sign. An old dog'],
    ['a  apple', 'an  apple'],
    ['a apple, a orange and an pear', 'an apple, an orange and a pear'],
    ['A UMBRELLA ON AN BEACH', 'AN UMBRELLA ON A BEACH'],
    ['A MAN WITH A UFO', 'A MAN WITH A UFO'],
    ['a old an new', 'an old a new'],
  ])('%s → %s', (text, expected) => {
    expect(correctArticles(text)).toBe(expected);
  });

  test.each(['herb', 'historian', 'us', '你好', ''])('of %j nobody knows', (word) => {
    expect(indefiniteArticle(word)).toBeUndefined();
  });

  test('a growing text never takes back what it has said', () => {
    const text = 'A umbrella, an dog and a unicorn near an angle of a 18 wheeler';
    const final = correctArticles(text);
    for (let length = 0; length <= text.length; length++) {
      const beginning = correctArticles(settledArticles(text.slice(0, length)));
      expect(final.startsWith(beginning), beginning).toBe(true);
    }
    expect(correctArticles(settledArticles(`${text} on`)).length).toBeGreaterThan(final.length - 1);
  });

  test('takes time in proportion to the text', () => {
    const long = 'an umbrella a '.repeat(20_000) + 'a '.repeat(50_000) + 'a'.repeat(100_000);
    expect(correctArticles(long).length).toBeGreaterThan(300_000);
  });
});
