import { expect, test } from 'vitest';
import { imageStatistics } from '../../src/preprocess/index.js';
import { picture } from './pictures.js';

/** Statistics of a grey picture whose bytes are given by a function. */
function statisticsOf(byte: (x: number, y: number) => number, width = 64, height = width) {
  return imageStatistics(picture(width, height, byte));
}

const halves = (x: number): number => (x < 32 ? 40 : 210);

test('a picture of large parts that differ has neither', () => {
  expect(statisticsOf(halves)).toMatchObject({ contrastDeficit: 0, regionVarianceDeficit: 0 });
});

test('half the contrast that photographs have makes a contrastDeficit of 1', () => {
  // Two halves, d apart, have an RMS contrast of d / 2.
  expect(statisticsOf((x) => (x < 32 ? 100 : 125.5)).contrastDeficit).toBeCloseTo(1, 1);
  expect(statisticsOf((x) => (x < 32 ? 100 : 113)).contrastDeficit).toBeCloseTo(2, 0);
});

test('one colour is as blank as can be', () => {
  expect(statisticsOf(() => 130)).toMatchObject({ contrastDeficit: Math.log2(100), regionVarianceDeficit: 0 });
});

test('a pattern that is the same everywhere is as uniform as can be', () => {
  const { contrastDeficit, regionVarianceDeficit } = statisticsOf((x, y) => ((x + y) % 2 === 0 ? 40 : 210));
  expect(contrastDeficit).toBe(0);
  expect(regionVarianceDeficit).toBeCloseTo(Math.log2(200), 5);
});

test('a tenth of the variance between the parts makes a regionVarianceDeficit of 1', () => {
  // Halves of ±a under a checkerboard of ±3a: a² of 10 a².
  const byte = (x: number, y: number): number => 128 + (x < 32 ? -20 : 20) + ((x + y) % 2 === 0 ? -60 : 60);
  expect(statisticsOf(byte).regionVarianceDeficit).toBeCloseTo(1, 5);
});

test('a side that eight does not divide, or is less than eight, will do', () => {
  expect(statisticsOf((x) => x * 8, 30, 3)).toMatchObject({
    contrastDeficit: 0,
    regionVarianceDeficit: 0,
  });
  expect(statisticsOf(() => 7, 1).contrastDeficit).toBe(Math.log2(100));
});

test('one colour has no entropy, and two of equal area have one bit', () => {
  expect(statisticsOf(() => 130)).toMatchObject({ colorEntropy: 0, colorCount: Math.log(2) });
  const { colorEntropy, colorCount } = statisticsOf(halves);
  expect(colorEntropy).toBeCloseTo(1, 10);
  expect(colorCount).toBeCloseTo(Math.log(3), 10);
});

test('grey has neither hue nor saturation, and half of full red spreads both by half', () => {
  expect(statisticsOf(halves)).toMatchObject({ hueSpread: 0, saturationSpread: 0 });
  const halfRed = picture(64, 64, (x, _y, channel) => (x < 32 && channel === 0 ? 255 : 0));
  const { hueSpread, saturationSpread } = imageStatistics(halfRed);
  expect(hueSpread).toBeCloseTo(0.5, 10);
  expect(saturationSpread).toBeCloseTo(0.5, 10);
});
