import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/core/index.js';
import {
  bleu,
  BleuAccumulator,
  cider,
  CiderAccumulator,
  ciderD,
  DocumentFrequencies,
  meteorLight,
  MeteorLightAccumulator,
  rougeL,
  RougeLAccumulator,
  type TokenizedImage,
} from '../../src/metrics/index.js';

const image = (candidate: string, ...references: string[]): TokenizedImage => ({
  candidate: candidate.split(' ').filter((word) => word !== ''),
  references: references.map((reference) => reference.split(' ').filter((word) => word !== '')),
});

describe('BLEU', () => {
  it('clips counts to the largest in a reference', () => {
    // Papineni et al. 2002: "the" seven times has a modified unigram precision of 2/7.
    const { scores } = bleu([
      image('the the the the the the the', 'the cat is on the mat', 'there is a cat on the mat'),
    ]);
    expect(scores[0]).toBeCloseTo(2 / 7, 9);
  });

  it('takes the shorter of two equally close references', () => {
    const { counts } = bleu([image('a b c d', 'a b c d e', 'a b c')]);
    expect(Array.from(counts.data)).toEqual([4, 3, 2, 1, 4, 3, 2, 1, 4, 3]);
  });

  it('is made from summed counts, not a mean of images', () => {
    const set = [image('a b c d e', 'a b c d e'), image('x y z w v', 'a b c d e')];
    const { scores, perImage } = bleu(set);
    expect(perImage[0]![3]).toBeCloseTo(1, 6);
    expect(perImage[1]![3]).toBeLessThan(1e-3);
    expect(scores[0]).toBeCloseTo(0.5, 6);
  });

  it('is 0 for an empty caption, without NaN', () => {
    const { scores } = bleu([image('', 'a dog')]);
    expect(scores.every((score) => score >= 0 && score < 1e-3)).toBe(true);
  });

  it('counts the n-grams of very long captions', () => {
    const words = Array.from({ length: 3000 }, (_, i) => `w${i}`).join(' ');
    expect(bleu([image(words, words)]).scores[3]).toBeCloseTo(1, 9);
  });
});

describe('ROUGE-L', () => {
  it('takes the largest precision and the largest recall by themselves', () => {
    // precision 2/2 of the second reference, recall 1/1 of the first
    expect(rougeL([image('a b', 'a', 'a b c d')]).score).toBeCloseTo(1, 12);
  });

  it('is 0 if nothing is common or the caption is empty', () => {
    expect(rougeL([image('x', 'a b')]).score).toBe(0);
    expect(rougeL([image('', 'a b')]).score).toBe(0);
  });
});

describe('CIDEr', () => {
  const set = [image('a dog runs', 'a dog runs fast'), image('a cat', 'a cat sleeps'), image('birds', 'two birds fly')];

  it('is 0 for one image, by definition', () => {
    expect(ciderD([set[0]!]).score).toBe(0);
    expect(cider([set[0]!]).score).toBe(0);
  });

  it('is 10 for a caption that is its only reference', () => {
    const same = [image('one two three four', 'one two three four'), image('x y', 'five six seven eight')];
    expect(ciderD(same).perImage[0]).toBeCloseTo(10, 9);
  });

  it('does not reward repetition, as CIDEr without D does', () => {
    const repeated = [image('dog dog dog dog', 'a dog runs fast'), set[1]!, set[2]!];
    const once = [image('dog', 'a dog runs fast'), set[1]!, set[2]!];
    expect(ciderD(repeated).perImage[0]!).toBeLessThan(ciderD(once).perImage[0]!);
    expect(cider(repeated).perImage[0]!).toBeGreaterThanOrEqual(cider(once).perImage[0]! - 1e-12);
  });

  it('keeps given document frequencies as they are', () => {
    const documentFrequencies = new DocumentFrequencies();
    for (const { references } of set) documentFrequencies.add(references);
    const before = ciderD(set, { documentFrequencies }).perImage;
    ciderD([image('dogs and dogs', 'dogs')], { documentFrequencies });
    expect(ciderD(set, { documentFrequencies }).perImage).toEqual(before);
    expect(documentFrequencies.images).toBe(3);
    expect(documentFrequencies.of(['a'])).toBe(2);
    expect(documentFrequencies.of(['two', 'birds'])).toBe(1);
    expect(documentFrequencies.of(['dogs'])).toBe(0);
    expect(documentFrequencies.of([])).toBe(0);
  });

  it('gives the same numbers after many n-grams', () => {
    const many = Array.from({ length: 3000 }, (_, i) => image(`w${i} x${i} y`, `w${i} x${i} z${i}`));
    const { perImage } = ciderD(many);
    expect(new Set(Array.from(perImage, (score) => score.toFixed(9))).size).toBe(1);
  });
});

describe('light METEOR', () => {
  it('matches stems, and penalises fragments', () => {
    expect(meteorLight([image('dogs run', 'dog running')]).score).toBeCloseTo(1 - 0.5 * (1 / 2) ** 3, 12);
    expect(meteorLight([image('a b c', 'c b a')]).score).toBeCloseTo(0.5, 12);
  });

  it('takes the best reference, and is 0 if nothing matches', () => {
    expect(meteorLight([image('a b', 'x', 'a b')]).score).toBeCloseTo(1 - 0.5 / 8, 12);
    expect(meteorLight([image('a', 'b')]).score).toBe(0);
    expect(meteorLight([image('', 'b')]).score).toBe(0);
  });
});

describe('what every accumulator does', () => {
  const accumulators = [
    () => new BleuAccumulator(),
    () => new RougeLAccumulator(),
    () => new CiderAccumulator(),
    () => new MeteorLightAccumulator(),
    () => new CiderAccumulator({ documentFrequencies: new DocumentFrequencies() }),
  ];

  it.each(accumulators)('refuses an empty set', (create) => {
    expect(() => create().result()).toThrow(InvalidArgumentError);
    expect(() => create().result()).toThrow(/no images/);
  });

  it.each(accumulators)('names an image without references', (create) => {
    const accumulator = create();
    accumulator.add(image('a', 'a'));
    expect(() => accumulator.add({ candidate: ['a'], references: [] })).toThrow(/Image 1 has no reference captions/);
    expect(() => accumulator.add({ id: 'x.jpg', candidate: ['a'], references: [] })).toThrow(/Image x\.jpg/);
    expect(accumulator.size).toBe(1);
  });

  it.each(accumulators)('goes on after a result', (create) => {
    const accumulator = create();
    accumulator.add(image('a b', 'a b'));
    accumulator.result();
    accumulator.add(image('c d', 'c d'));
    expect(accumulator.size).toBe(2);
    expect(accumulator.result()).toBeDefined();
  });
});
