import { expect, test } from 'vitest';
import { logSoftmax } from '../../src/search/numerics/log-softmax.js';

test('log-softmax gives logarithms of probabilities that add up to 1', () => {
  const row = Float32Array.of(1, 2, 3);
  logSoftmax(row);
  expect([...row]).toEqual([-2.4076059, -1.4076059, -0.4076059].map((value) => expect.closeTo(value, 6) as number));
  expect(row.reduce((sum, logProb) => sum + Math.exp(logProb), 0)).toBeCloseTo(1, 6);
});

test.each([-1e30, -1000, 0, 1000, 1e30, 3e38])('log-softmax takes logits around %d', (offset) => {
  const row = Float32Array.of(offset, offset, -Infinity);
  logSoftmax(row);
  expect([...row]).toEqual([expect.closeTo(-Math.LN2, 6), expect.closeTo(-Math.LN2, 6), -Infinity]);
});

test('log-softmax of one token is certainty', () => {
  const row = Float32Array.of(-7);
  expect(logSoftmax(row)?.entropy).toBe(0);
  expect([...row]).toEqual([0]);
});

test('log-softmax takes what is known of a row', () => {
  const row = Float32Array.of(1, 2, 3);
  const computed = row.slice();
  const { entropy, maxima } = logSoftmax(computed)!;
  const taken = logSoftmax(row, { logSumExp: 3.4076059, entropy });
  expect(taken?.entropy).toBe(entropy);
  expect(taken?.maxima[0]).toBeCloseTo(maxima[0]!, 6);
  expect([...row]).toEqual([...computed].map((value) => expect.closeTo(value, 6) as number));
});

test.each([NaN, Infinity, -Infinity])('log-softmax computes itself what is known as %d', (wrong) => {
  const expected = logSoftmax(Float32Array.of(1, 2, 3));
  expect(logSoftmax(Float32Array.of(1, 2, 3), { logSumExp: wrong, entropy: 1 })).toEqual(expected);
  expect(logSoftmax(Float32Array.of(1, 2, 3), { logSumExp: 3.4, entropy: wrong })).toEqual(expected);
});

test('log-softmax tells the largest of each block of 1,024', () => {
  const row = Float32Array.from({ length: 2500 }, (_, i) => Math.sin(i));
  for (const known of [undefined, { logSumExp: 8, entropy: 7 }]) {
    const logProbs = row.slice();
    const blocks = [0, 1024, 2048].map((from) => logProbs.subarray(from, from + 1024)); // views: changed below
    const { maxima } = logSoftmax(logProbs, known)!;
    expect([...maxima]).toEqual(blocks.map((block) => Math.max(...block)));
  }
});

test.each([[[1, NaN, 2]], [[NaN]], [[1, Infinity, 2]], [[-Infinity, -Infinity]]])(
  'log-softmax of %j says so and leaves the row as it was',
  (logits) => {
    const row = Float32Array.from(logits);
    expect(logSoftmax(row)).toBeUndefined();
    expect([...row]).toEqual(logits);
  },
);
