import { expect, test } from 'vitest';
import { lookedAt } from '../../demo/src/output/looked-at.js';

const regions = ['cat', 'cup', 'dog', 'tree', 'car'].map((label) => ({
  box: { x: 0, y: 0, width: 1, height: 1 },
  label,
  score: 0.5,
}));

test('the three things that a model looked at most for a word, most first, without those that it hardly looked at', () => {
  const seen = lookedAt(regions, { regionAttention: Float32Array.of(0.1, 0.3, 0.04, 0.06, 0.2) });
  expect(seen.map(({ region }) => region.label)).toEqual(['cup', 'car', 'cat']);
  expect(lookedAt(regions, { regionAttention: Float32Array.of(0.04, 0.04, 0, 0, 0) })).toEqual([]);
});

test('a model without a detector, or a caption without attention, has none', () => {
  expect(lookedAt(undefined, { regionAttention: Float32Array.of(1) })).toEqual([]);
  expect(lookedAt(regions, {})).toEqual([]);
  expect(lookedAt(regions)).toEqual([]);
});
