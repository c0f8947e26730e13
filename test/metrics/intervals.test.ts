import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/core/index.js';
import {
  bleu,
  bleuOfCounts,
  bootstrap,
  bootstrapSamples,
  ciderD,
  meanOf,
  pairedBootstrap,
  ruleOfThree,
  wilsonInterval,
} from '../../src/metrics/index.js';
import { readRecord, recordedTokens } from './record.js';

describe('wilsonInterval', () => {
  // scipy.stats.binomtest(successes, trials).proportion_ci(level, 'wilson'), scipy 1.17.1
  it.each([
    [19, 100, 0.95, 0.12514751509768737, 0.27778845379064376],
    [0, 10, 0.95, 0, 0.27753279986288926],
    [10, 10, 0.9, 0.787058029916593, 1],
    [1, 7, 0.99, 0.01700053672683366, 0.6162933454119195],
  ])('%i of %i at %d is as scipy has it', (successes, trials, level, low, high) => {
    const interval = wilsonInterval(successes, trials, level);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
    expect(interval.level).toBe(level);
  });

  it.each([
    [1, 0],
    [-1, 3],
    [4, 3],
    [0.5, 3],
    [0, NaN],
  ])('refuses %d of %d', (successes, trials) => {
    expect(() => wilsonInterval(successes, trials)).toThrow(InvalidArgumentError);
  });

  it.each([0, 1, -0.1, 95, NaN])('refuses a level of %d', (level) => {
    expect(() => wilsonInterval(1, 2, level)).toThrow(/level/);
  });
});

describe('ruleOfThree', () => {
  it('is about 3 / trials', () => {
    expect(ruleOfThree(100)).toBeCloseTo(0.02996, 5);
    expect(ruleOfThree(100, 0.99)).toBeCloseTo(0.04605, 5);
  });

  it('is at most 1, and refuses no trials', () => {
    expect(ruleOfThree(1)).toBe(1);
    expect(() => ruleOfThree(0)).toThrow(InvalidArgumentError);
  });
});

describe('bootstrap', () => {
  const values = Array.from({ length: 200 }, (_, i) => ((i * 7919) % 200) / 200);

  it('has the standard error of a mean', () => {
    const { estimate, standardError, low, high, samples } = bootstrap(200, meanOf(values), { samples: 4000 })!;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - 0.4975) ** 2, 0) / 200);
    expect(estimate).toBeCloseTo(0.4975, 12);
    expect(samples).toBe(4000);
    expect(standardError / (deviation / Math.sqrt(200))).toBeGreaterThan(0.95);
    expect(standardError / (deviation / Math.sqrt(200))).toBeLessThan(1.05);
    expect((high - low) / (2 * 1.96 * standardError)).toBeGreaterThan(0.95);
    expect((high - low) / (2 * 1.96 * standardError)).toBeLessThan(1.05);
  });

  it('is the same for the same seed, and another for another', () => {
    const first = bootstrap(200, meanOf(values), { seed: 5 });
    expect(bootstrap(200, meanOf(values), { seed: 5 })).toEqual(first);
    expect(bootstrap(200, meanOf(values), { seed: 6 })).not.toEqual(first);
  });

  it('keeps the size of each stratum', () => {
    const strata = values.map((_, i) => (i % 10 === 0 ? 'few' : 'many'));
    for (const images of bootstrapSamples(200, { strata, samples: 100 })) {
      expect(images.filter((image) => strata[image] === 'few').length).toBe(20);
    }
  });

  it('leaves out samples that do not define the figure, and is null if they are most', () => {
    const ofRare = (rare: number) => (images: Int32Array) => {
      const found = images.filter((image) => image < rare).length;
      return found === 0 ? null : found / images.length;
    };
    const some = bootstrap(200, ofRare(2), { samples: 500 })!;
    expect(some.samples).toBeGreaterThan(250);
    expect(some.samples).toBeLessThan(500);
    expect(bootstrap(200, (images) => (images[1] === 1 ? 1 : null))).toBeNull();
    expect(bootstrap(200, () => null)).toBeNull();
  });

  it.each([
    [0, {}, 'images'],
    [3, { samples: 5 }, 'samples'],
    [3, { level: 1 }, 'level'],
    [3, { seed: -1 }, 'seed'],
    [3, { strata: ['a'] }, 'strata'],
  ])('refuses size %i with %o', (size, options, argument) => {
    expect(() => bootstrap(size, () => 1, options)).toThrow(expect.objectContaining({ argument }));
  });
});

describe('pairedBootstrap', () => {
  const record = readRecord('general');
  const images = recordedTokens(record);

  it('sees a difference that is in every image, however much the images differ', () => {
    const { perImage } = ciderD(images);
    const better = perImage.map((score) => score + 0.01);
    const paired = pairedBootstrap(images.length, meanOf(better), meanOf(perImage))!;
    expect(paired.low).toBeCloseTo(0.01, 9);
    expect(paired.high).toBeCloseTo(0.01, 9);
    expect(paired.pValue).toBeLessThan(0.01);
  });

  it('sees none between a system and itself', () => {
    const { counts } = bleu(images);
    const bleu4 = (sample: Int32Array) => bleuOfCounts(counts, sample)[3];
    expect(pairedBootstrap(images.length, bleu4, bleu4)).toMatchObject({ estimate: 0, low: 0, high: 0, pValue: 1 });
  });

  it('is null where a system has no figure', () => {
    expect(
      pairedBootstrap(
        3,
        () => 1,
        () => null,
      ),
    ).toBeNull();
  });
});
