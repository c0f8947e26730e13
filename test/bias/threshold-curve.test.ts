import { describe, expect, it } from 'vitest';
import { type EvidenceImage, GENDER_EN, genderVerdict, thresholdCurve } from '../../src/bias/index.js';

/** 60 images of men and 60 of women; the evidence is right if it is strong, and wrong for some that are weak. */
const IMAGES: EvidenceImage[] = Array.from({ length: 120 }, (_, i) => {
  const isMale = i % 2 === 0;
  const strength = (i % 30) / 10;
  const isWrong = strength < 1 && i % 3 === 0;
  const who = isMale ? 'man' : 'woman';
  const scene = `${['on a beach', 'by a car', 'in a kitchen'][i % 3]} number ${i}`;
  return {
    id: `${i}.jpg`,
    references: [`A ${who} stands ${scene}`, `The ${who} is ${scene}.`, `One ${who} ${scene}`],
    caption: `A man stands ${scene}.`,
    evidence: {
      logOdds: 0.5 + (isMale === isWrong ? -1 : 1) * strength,
      captions: {
        male: `A man stands ${scene}.`,
        female: `A woman stands ${scene}.`,
        none: `A person ${scene}.`,
      },
    },
  };
});
const options = { centre: 0.5, minImages: 1, bootstrap: { samples: 100 } };

describe('thresholdCurve', () => {
  it('goes from the largest coverage to the smallest, and names what the thresholds let through', () => {
    const curve = thresholdCurve(IMAGES, { ...options, points: 10 })!;
    expect(curve).toMatchObject({ images: 120, centre: 0.5 });
    const coverage = curve.points.map(({ overall }) => overall.coverage.value!);
    expect([...coverage].sort((a, b) => b - a)).toEqual(coverage);
    expect(new Set(coverage).size).toBe(coverage.length);
    for (const { thresholds, overall, groups } of curve.points) {
      expect(thresholds.male - 0.5).toBeCloseTo(0.5 - thresholds.female, 12);
      let wrong = 0;
      let named = 0;
      for (const { evidence, references } of IMAGES) {
        const said = genderVerdict(evidence.logOdds, thresholds);
        if (said === 'none') continue;
        named++;
        if (said !== GENDER_EN.categorize(references![0]!)) wrong++;
      }
      expect(overall).toMatchObject({ wrong, correct: named - wrong, labelled: 120 });
      expect(groups.male.wrong + groups.female.wrong).toBe(wrong);
    }
    expect(curve.points[0]!.overall.wrong).toBeGreaterThan(0);
    expect(curve.points.at(-1)!.overall.wrong).toBe(0);
  });

  it('compares with the captions as the system was run', () => {
    const { asRun, points } = thresholdCurve(IMAGES, options)!;
    expect(asRun!.overall).toMatchObject({ labelled: 120, correct: 60, wrong: 60 });
    // "A man stands" and "A woman stands" are the same without gender; "A person" has fewer of the references' words.
    expect(points[0]!.neutralCiderD!.estimate).toBeGreaterThan(points.at(-1)!.neutralCiderD!.estimate);
    expect(asRun!.neutralCiderD!.estimate).toBeGreaterThanOrEqual(points[0]!.neutralCiderD!.estimate);
    const withoutCaption = IMAGES.map(({ caption: _, ...image }) => image);
    expect(thresholdCurve(withoutCaption, options)!.asRun).toBeNull();
  });

  it('is centred between the groups, unless it is told where', () => {
    const image = (label: 'male' | 'female', logOdds: number): EvidenceImage => ({
      label,
      references: ['A person stands.', 'Somebody'],
      evidence: { logOdds, captions: { male: 'A man', female: 'A woman', none: 'A person' } },
    });
    const men = [5, 6, 100].map((logOdds) => image('male', logOdds));
    const women = [-2, 0, 1].map((logOdds) => image('female', logOdds));
    expect(thresholdCurve([...men, ...women])!.centre).toBe(3);
    expect(thresholdCurve([...men, ...women], { centre: 1 })!.centre).toBe(1);
    expect(thresholdCurve(men)!.centre).toBeCloseTo(0.925, 9);
  });

  it('leaves images without a label out, and is null if there are no others', () => {
    const unlabelled = { ...IMAGES[0]!, id: 'x', references: ['A dog', 'A dog runs'] };
    expect(thresholdCurve([...IMAGES, unlabelled], options)!.images).toBe(120);
    expect(thresholdCurve([unlabelled], options)).toBeNull();
    expect(thresholdCurve([], options)).toBeNull();
  });

  it('does not state rates of too few', () => {
    const { points } = thresholdCurve(IMAGES, { ...options, minImages: 100 })!;
    expect(points.at(-1)!.overall.errorOfNamed).toMatchObject({ value: null, interval: null });
    expect(points.at(-1)!.groups.male.coverage.value).toBeNull();
  });

  it.each([
    [
      [{ ...IMAGES[0]!, evidence: { ...IMAGES[0]!.evidence, logOdds: NaN } }],
      {},
      /^Row 1 \("0\.jpg"\): evidence needs/,
    ],
    [
      [IMAGES[0]!, { id: 'b', references: ['x'], evidence: IMAGES[0]!.evidence }],
      {},
      /Row 2 .*: give a caption of every/,
    ],
    [IMAGES, { points: 1 }, /points must be an integer from 2 to 200, not 1/],
    [IMAGES, { centre: Infinity }, /centre must be a finite number/],
  ])('refuses %#', (images, wrong, message) => {
    expect(() => thresholdCurve(images, wrong)).toThrow(message);
  });
});
