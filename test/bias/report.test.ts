import { describe, expect, it } from 'vitest';
import { AGE_EN, biasReport, type CaptionedImage, compareBias, type Gender, GENDER_DE } from '../../src/bias/index.js';
import { InvalidArgumentError } from '../../src/core/index.js';

const THINGS = ['horse', 'ball', 'bike', 'book', 'kite', 'boat'];

/** Images of men and women; every `wrongEvery`th caption names the other, every `neutralEvery`th none. */
function corpus(numMen: number, numWomen: number, wrongEvery = 5, neutralEvery = 3): CaptionedImage<Gender>[] {
  return Array.from({ length: numMen + numWomen }, (_, index) => {
    const noun = index < numMen ? 'man' : 'woman';
    const other = index < numMen ? 'woman' : 'man';
    const named = index % neutralEvery === 0 ? 'person' : index % wrongEvery === 0 ? other : noun;
    const thing = THINGS[index % THINGS.length]!;
    return {
      id: `${index}.jpg`,
      caption: `A ${named} with a ${thing}.`,
      references: [
        `a ${noun} with a ${thing}`,
        `the ${noun} has a ${thing}`,
        `a ${noun} and one ${thing}`,
        `a ${thing}`,
      ],
    };
  });
}

const bootstrap = { samples: 100 };

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

describe('biasReport', () => {
  const report = biasReport(corpus(90, 60), { bootstrap });

  it('counts, rates and intervals agree', () => {
    expect(report.lexicon).toMatchObject({ name: 'gender-en', version: '1.0.0' });
    expect(report.labelRule).toBe('at least 3 references name the group, and none names another');
    expect(report.images).toEqual({ all: 150, labelled: 150, withReferences: 150 });
    const { male, female } = report.groups;
    expect(male.correct + male.wrong + male.other).toBe(90);
    expect(report.overall.wrong).toBe(male.wrong + female.wrong);
    const { male: men, female: women } = report.confusion;
    expect(report.ratio?.estimate).toBeCloseTo((men.female + women.female) / (men.male + women.male), 12);
    expect(report.labelRatio).toBeCloseTo(60 / 90, 12);
    expect(report.ratioDeviation?.estimate).toBeCloseTo(60 / 90 - report.ratio!.estimate, 12);
    expect(report.joint.quality!.estimate).toBeLessThanOrEqual(1);
    for (const estimate of [report.ratio, report.joint.score, report.neutralCiderD.captions]) {
      expect(estimate!.low).toBeLessThanOrEqual(estimate!.estimate);
      expect(estimate!.high).toBeGreaterThanOrEqual(estimate!.estimate - 1e-12);
    }
    expect(report.leakage?.seeds).toBe(10);
    expect(report.confidence).toHaveLength(4);
    // Horses and books only go with people whose gender is not named.
    expect(report.warnings.map(({ code }) => code)).toEqual(['empty-cells']);
  });

  it.each([
    ['one image', corpus(1, 0)],
    ['a small group', corpus(40, 3)],
    ['nobody', corpus(40, 40).map((image) => ({ ...image, caption: 'A dog.', references: ['a dog', 'the dog'] }))],
    ['no references', corpus(40, 40).map(({ id, caption }) => ({ id: id!, caption, label: 'male' as const }))],
    ['empty captions', corpus(40, 40).map((image) => ({ ...image, caption: '' }))],
    ['never a gender', corpus(40, 40, 5, 1)],
  ])('no NaN, and a warning: %s', (_, images) => {
    const one = biasReport(images, { bootstrap });
    expect(numbersOf(one).every(Number.isFinite)).toBe(true);
    expect(one.warnings.length).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(one))).toEqual(one);
  });

  it('a group under 30 is null with a warning that names it, and counts stay', () => {
    const small = biasReport(corpus(40, 29), { bootstrap });
    expect(small.groups.female.errorOfLabelled).toMatchObject({ total: 29, value: null, interval: null });
    expect(small.groups.male.errorOfLabelled.value).not.toBeNull();
    expect([small.fidelity.female, small.joint.score, small.ratio, small.leakage]).toEqual([null, null, null, null]);
    const warning = small.warnings.find(({ code }) => code === 'small-group');
    expect(warning?.message).toContain('29 images are labelled female');
  });

  it('takes other lexicons, attributes and languages', () => {
    const ages = biasReport(
      Array.from({ length: 40 }, () => ({ caption: 'a man', references: ['a boy', 'a girl', 'kids'] })),
      { lexicon: AGE_EN, bootstrap },
    );
    expect(ages.groups.child).toMatchObject({ labelled: 40, wrong: 40 });
    expect(ages.ratio).toBeNull();
    const german = biasReport(
      Array.from({ length: 40 }, () => ({ caption: 'Ein Mann', label: 'female' as const })),
      { lexicon: GENDER_DE, bootstrap },
    );
    expect(german.overall.errorOfNamed.value).toBe(1);
    expect(german.warnings.map(({ code }) => code)).toContain('no-quality');
  });

  it('refuses nothing at all, a broken row, and options out of range', () => {
    expect(() => biasReport([])).toThrow(InvalidArgumentError);
    expect(() => biasReport(corpus(2, 2), { minImages: 0 })).toThrow(InvalidArgumentError);
    const rows: any[] = Array.from({ length: 1000 }, (_, index) => ({
      id: `${index}`,
      caption: 'a',
      references: ['a'],
    }));
    rows[600] = { id: '600', caption: undefined, references: ['a'] };
    expect(() => biasReport(rows)).toThrow(/^Row 601 \("600"\): caption must be a string/u);
  });

  it('samples of the same seed are the same', () => {
    const again = biasReport(corpus(90, 60), { bootstrap });
    expect(again).toEqual(report);
  });
});

describe('compareBias', () => {
  it('finds a difference, and none between the same', () => {
    const [better, worse] = [corpus(60, 40, 50), corpus(60, 40, 2)];
    const { errorOfNamed, joint } = compareBias(better, worse, { bootstrap });
    expect(errorOfNamed!.high).toBeLessThan(0);
    expect(joint!.low).toBeGreaterThan(0);
    expect(compareBias(better, better, { bootstrap }).errorOfNamed).toMatchObject({ estimate: 0, low: 0, high: 0 });
  });

  it('names the row at which images differ', () => {
    const other = corpus(5, 5).with(3, { ...corpus(5, 5)[3]!, id: 'x' });
    expect(() => compareBias(corpus(5, 5), other)).toThrow(/row 4/u);
    expect(() => compareBias(corpus(5, 5), corpus(5, 4))).toThrow(InvalidArgumentError);
  });
});
