import { describe, expect, it } from 'vitest';
import {
  AGE_EN,
  bagOfWordsLeakage,
  biasAmplification,
  type CaptionedImage,
  confidenceProtocol,
  confusionMatrix,
  type Gender,
  GENDER_EN,
  jointScore,
  misclassification,
  neutralQuality,
  referenceFidelity,
  rerankByGroup,
  sortImages,
} from '../../src/bias/index.js';
import { InvalidArgumentError } from '../../src/core/index.js';

const image = (label: Gender | null, caption: string, references: readonly string[] = []): CaptionedImage<Gender> => ({
  label,
  caption,
  references,
});
const sorted = (...images: CaptionedImage<Gender>[]) => sortImages(images, GENDER_EN);
const repeat = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

describe('misclassification', () => {
  const images = sorted(
    ...repeat(6, image('male', 'a man')),
    ...repeat(2, image('male', 'a woman')),
    image('male', 'a man and a woman'),
    image('male', 'a person'),
    ...repeat(3, image('female', 'a girl')),
    ...repeat(2, image('female', 'his dog')),
    image(null, 'a man'),
  );

  it('has both denominators, coverage and intervals', () => {
    const men = misclassification(images, ['male']);
    expect(men).toMatchObject({ labelled: 10, correct: 6, wrong: 2, other: 2 });
    expect(men.errorOfLabelled).toMatchObject({ count: 2, total: 10, value: 0.2 });
    expect(men.errorOfNamed).toMatchObject({ count: 2, total: 8, value: 0.25 });
    expect(men.coverage).toMatchObject({ count: 8, total: 10, value: 0.8 });
    const { low, high } = men.errorOfNamed.interval!; // Wilson, by hand
    expect(low).toBeCloseTo(0.0715, 3);
    expect(high).toBeCloseTo(0.5907, 3);
    const all = misclassification(images, ['male', 'female']);
    expect(all).toMatchObject({ labelled: 15, correct: 9, wrong: 4, other: 2 });
  });

  it('states no rate of too few', () => {
    expect(misclassification(images, ['female'], 6).errorOfLabelled).toEqual({
      count: 2,
      total: 5,
      value: null,
      interval: null,
    });
    expect(misclassification([], ['female']).errorOfNamed.value).toBeNull();
  });

  it('confusionMatrix counts labels and categories', () => {
    const matrix = confusionMatrix(images, GENDER_EN.groupNames);
    expect(matrix.male).toEqual({ male: 6, female: 2, both: 1, neutral: 1, none: 0 });
    expect(matrix.female).toEqual({ male: 2, female: 3, both: 0, neutral: 0, none: 0 });
    expect(matrix.unlabelled.male).toBe(1);
  });
});

it('confidenceProtocol: from k references on the group is right, else none', () => {
  const references = ['a man', 'his hat', 'a person', 'someone', 'a dog'];
  const [one, two, three, , five] = confidenceProtocol(
    sorted(image('male', 'a guy', references), image('male', 'a person', references), image(null, 'a man', references)),
  );
  expect(one?.accuracy).toMatchObject({ count: 1, total: 2 });
  expect(two?.accuracy.count).toBe(1);
  expect(three?.accuracy.count).toBe(1);
  const [, , wrongAt3] = confidenceProtocol(sorted(image('male', 'a woman', references)));
  expect(wrongAt3?.accuracy.count).toBe(0);
  expect(five?.atLeast).toBe(5);
});

describe('referenceFidelity', () => {
  const references = ['a man', 'a man', 'a man', 'a person', 'a dog'];
  it.each([
    ['a man', 1],
    ['a person', 2 / 3],
    ['a dog', 2 / 3],
    ['a woman', -1],
    ['a man and a woman', 0],
  ])('%s → %d', (caption, value) => {
    expect(referenceFidelity(sorted(image('male', caption, references))[0]!)).toBeCloseTo(value, 12);
  });

  it('is null without a label or references', () => {
    expect(referenceFidelity(sorted(image(null, 'a man', references))[0]!)).toBeNull();
    expect(referenceFidelity(sorted(image('male', 'a man'))[0]!)).toBeNull();
  });

  it('jointScore is the harmonic mean', () => {
    expect(jointScore(0.5, 1)).toBeCloseTo(2 / 3, 12);
    expect(jointScore(0, 0)).toBe(0);
    expect(jointScore(1, 0)).toBe(0);
  });
});

it('neutralQuality does not tell a named gender from a neutral word', () => {
  const of = (caption: string, other: string) =>
    neutralQuality(
      sorted(
        image('male', caption, ['a man rides a horse', 'a guy rides a brown horse']),
        image('female', other, ['a woman reads a book', 'a lady reads a thick book']),
      ),
      GENDER_EN,
    );
  const named = of('a man rides a horse', 'a woman reads a book');
  const swapped = of('a woman rides a horse', 'a man reads a book');
  const honest = of('a person rides a horse', 'a person reads a book');
  expect(named.captions[0]).toBeGreaterThan(1);
  expect(Array.from(swapped.captions)).toEqual(Array.from(named.captions));
  expect(Array.from(honest.captions)).toEqual(Array.from(named.captions));
  expect(Array.from(honest.people)).toEqual(Array.from(named.people));
  expect(of('a person sees a dog', 'a person reads a book').captions[0]).toBeLessThan(named.captions[0]!);
});

describe('biasAmplification', () => {
  // References: 3 of 4 kitchens with women. The model sees a woman in every kitchen, and says kitchen only then.
  const images = sorted(
    ...repeat(3, image('female', 'a woman in a kitchen', ['a woman in a kitchen'])),
    image('male', 'a woman in a kitchen', ['a man in a kitchen']),
    ...repeat(4, image('male', 'a man in a park', ['a man in a park'])),
  );

  it('undirected: the share grows from 3/4 to 1 for kitchens, and stays 1 for parks', () => {
    const { undirected, words } = biasAmplification(images, GENDER_EN, { words: ['kitchen', 'park'] });
    expect(words).toEqual(['kitchen', 'park']);
    expect(undirected).toBeCloseTo((0.25 + 0) / 2, 12);
  });

  it('directed, by hand', () => {
    const { wordToGroup, groupToWord } = biasAmplification(images, GENDER_EN, { words: ['kitchen', 'park'] });
    // P(female | kitchen) grows by 1/4 where they go together; P(male | kitchen) falls by 1/4 where they do not.
    expect(wordToGroup.value).toBeCloseTo((0.25 + 0.25 + 0 + 0) / 4, 12);
    expect(wordToGroup).toMatchObject({ cells: 4, emptyCells: [] });
    expect(groupToWord.value).toBeCloseTo(0, 12); // the words are those of the references
  });

  it('has intervals over images, if asked', () => {
    const options = { words: ['kitchen', 'park'], bootstrap: { samples: 200 } };
    const { undirected, undirectedInterval, wordToGroup, groupToWord } = biasAmplification(images, GENDER_EN, options);
    expect(undirectedInterval!.estimate).toBe(undirected);
    // Without the one image that is wrong there is no amplification.
    expect(wordToGroup.interval).toMatchObject({ estimate: wordToGroup.value, low: 0 });
    expect(wordToGroup.interval!.high).toBeGreaterThan(wordToGroup.value!);
    expect(groupToWord.interval).toMatchObject({ low: 0, high: 0 });
    const without = biasAmplification(images, GENDER_EN, { words: ['kitchen', 'park'] });
    expect([without.undirectedInterval, without.wordToGroup.interval]).toEqual([null, null]);
  });

  it('lists cells that are empty', () => {
    const { wordToGroup, undirected, undirectedEmpty } = biasAmplification(images, GENDER_EN, { words: ['zebra'] });
    expect(wordToGroup).toEqual({
      value: null,
      interval: null,
      cells: 0,
      emptyCells: [
        { group: 'male', word: 'zebra' },
        { group: 'female', word: 'zebra' },
      ],
    });
    expect([undirected, undirectedEmpty]).toEqual([null, ['zebra']]);
  });

  it('chooses words of the scene', () => {
    expect(biasAmplification(images, GENDER_EN, { minCount: 4 }).words).toEqual(['kitchen', 'park']);
    expect(biasAmplification([], GENDER_EN)).toMatchObject({ words: [], undirected: null, images: 0 });
  });
});

describe('bagOfWordsLeakage', () => {
  const scene = (label: Gender, index: number, tells: boolean): CaptionedImage<Gender> => {
    const things = ['ball', 'dog', 'tree', 'car', 'bench', 'hat'];
    const thing = things[index % things.length]!;
    const noun = label === 'male' ? 'man' : 'woman';
    const extra = tells ? (label === 'male' ? 'truck' : 'kitchen') : 'park';
    return image(label, `a ${noun} with a ${thing} in a ${extra}`, [`a ${noun} with a ${thing} in a park`]);
  };
  const images = (tells: boolean) =>
    sorted(
      ...Array.from({ length: 60 }, (_, index) => scene('male', index, tells)),
      ...Array.from({ length: 40 }, (_, index) => scene('female', index, tells)),
    );

  it('finds what tells the gender, and nothing where only gendered words do', () => {
    const leaking = bagOfWordsLeakage(images(true), GENDER_EN)!;
    expect(leaking.captions).toBeGreaterThan(0.8);
    expect(leaking.leakage).toBeGreaterThan(0.3);
    expect(leaking).toMatchObject({ seeds: 10, imagesPerGroup: 40 });
    const silent = bagOfWordsLeakage(images(false), GENDER_EN)!;
    expect(Math.abs(silent.leakage)).toBeLessThan(0.1);
    expect(silent.captions).toBeLessThan(0.5);
  });

  it('gives the same for the same seed, null for too few, and refuses few seeds', () => {
    expect(bagOfWordsLeakage(images(true), GENDER_EN, { seed: 3 })).toEqual(
      bagOfWordsLeakage(images(true), GENDER_EN, { seed: 3 }),
    );
    expect(bagOfWordsLeakage(images(true).slice(0, 70), GENDER_EN)).toBeNull();
    expect(() => bagOfWordsLeakage(images(true), GENDER_EN, { seeds: 9 })).toThrow(InvalidArgumentError);
    expect(() => bagOfWordsLeakage([], AGE_EN)).toThrow(InvalidArgumentError);
  });
});

describe('rerankByGroup', () => {
  const captions = [
    { text: 'a man runs', logProb: Math.log(0.4) },
    { text: 'a woman runs', logProb: Math.log(0.3) },
    { text: 'a person runs', logProb: Math.log(0.1) },
  ];
  const first = (delta?: number) => rerankByGroup(captions, GENDER_EN, delta).map(({ text }) => text);

  it('puts neutral captions first while the vote is close', () => {
    expect(first()).toEqual(['a person runs', 'a man runs', 'a woman runs']); // (0.4 − 0.3) / 0.7
    expect(first(0.1)).toEqual(['a man runs', 'a person runs', 'a woman runs']);
    expect(first(0)).toEqual(['a man runs', 'a person runs', 'a woman runs']);
  });

  it('keeps the order if there is nothing to prefer', () => {
    const dogs = [
      { text: 'a dog', logProb: -1 },
      { text: 'a cat', logProb: -2 },
    ];
    expect(rerankByGroup(dogs, GENDER_EN)).toEqual(dogs);
    expect(rerankByGroup([], GENDER_EN)).toEqual([]);
    expect(() => rerankByGroup(dogs, GENDER_EN, 2)).toThrow(InvalidArgumentError);
  });
});
