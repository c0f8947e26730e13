import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  minPWarper,
  temperatureWarper,
  topKWarper,
  topPWarper,
  typicalPWarper,
} from '../../src/search/scoring/warpers.js';
import type { LogitsProcessor } from '../../src/search/index.js';

const history = { startTokenIds: [0], tokenIds: [] };

/** The tokens that a rule leaves. */
function kept(rule: LogitsProcessor, logits: readonly number[]): number[] {
  const row = Float32Array.from(logits);
  rule.process(row, history);
  return [...row.keys()].filter((tokenId) => row[tokenId]! > -Infinity);
}

const LOGITS = [0.4, 0.3, 0.15, 0.1, 0.05].map(Math.log);

test.each([
  [topKWarper(2), [0, 1]],
  [topKWarper(9), [0, 1, 2, 3, 4]],
  [topPWarper(0.39), [0]],
  [topPWarper(0.69), [0, 1]],
  [topPWarper(0.71), [0, 1, 2]],
  [topPWarper(1e-9), [0]],
  [minPWarper(0.5), [0, 1]],
  [minPWarper(1), [0]],
  [typicalPWarper(0.1), [1]], // −log 0.3 is nearest to the entropy, 1.39
])('%o keeps %j', (rule, expected) => {
  expect(kept(rule, LOGITS)).toEqual(expected);
});

test('ties with the last token are kept', () => {
  expect(kept(topKWarper(2), [1, 1, 1, 0])).toEqual([0, 1, 2]);
});

test('the temperature divides', () => {
  const row = Float32Array.of(1, -2, -Infinity);
  temperatureWarper(0.5).process(row, history);
  expect([...row]).toEqual([2, -4, -Infinity]);
});

test('the nucleus of a wide and flat distribution is the one that sorting everything gives', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1500, max: 0 }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 99 }),
      (hundredths, percent) => {
        const logits = hundredths.map((value) => value / 100);
        const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
        const sorted = [...logits].sort((a, b) => b - a);
        let mass = 0;
        const last = sorted.find((logit) => (mass += Math.exp(logit) / total) >= percent / 100 - 1e-9)!;
        const expected = [...logits.keys()].filter((tokenId) => logits[tokenId]! >= last);
        const found = kept(topPWarper(percent / 100), logits);
        expect(Math.abs(found.length - expected.length)).toBeLessThanOrEqual(
          logits.filter((logit) => Math.abs(logit - last) < 0.02).length, // where the mass is reached to the last bit
        );
        expect(Math.max(...found.map((tokenId) => logits[tokenId]!))).toBe(Math.max(...logits));
      },
    ),
  );
});
