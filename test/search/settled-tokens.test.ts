import { expect, test } from 'vitest';
import { prepareSearch, settledTokens } from '../../src/search/index.js';
import { TableDecoder } from '../../src/testing/index.js';
import { IMAGE } from './exhaustive.js';

const base = { startTokenIds: [0], endTokenIds: [1], maxLength: 10 };

test.each([
  ['greedy search', {}],
  ['beam search', { numBeams: 4 }],
  ["ClipCap's", { numBeams: 4, beamVariant: 'clipcap' as const }],
  ['groups', { numBeams: 4, numBeamGroups: 2 }],
  ['sampling', { strategy: 'sample' as const, seed: 1 }],
  ['beam sampling', { strategy: 'beam-sample' as const, numBeams: 3, seed: 1 }],
])('what is settled only grows, and is in the result: %s', async (_, options) => {
  let longest = 0;
  for (let seed = 0; seed < 25; seed++) {
    const decoder = new TableDecoder({ vocabularySize: 12, seed, bias: { 1: 0.5 } });
    const searching = prepareSearch(decoder, { ...base, ...options })(IMAGE);
    let settled: readonly number[] = [];
    for (;;) {
      const { done, value } = await searching.next();
      if (done) {
        expect(value[0]?.tokenIds.slice(0, settled.length)).toEqual(settled);
        break;
      }
      const now = settledTokens(value);
      expect(now.slice(0, settled.length)).toEqual(settled);
      settled = now;
      longest = Math.max(longest, settled.length);
    }
  }
  expect(longest).toBeGreaterThan(1);
});

test('a search runs no further than it is asked to', async () => {
  const decoder = new TableDecoder({ vocabularySize: 12, bias: { 1: -1000 } });
  let steps = 0;
  const counting = {
    vocabularySize: 12,
    maxPositions: 64,
    start: () => decoder.start({}),
    reorder: decoder.reorder.bind(decoder),
    step: (state: Parameters<typeof decoder.step>[0], tokenIds: readonly number[]) => {
      steps++;
      return decoder.step(state, tokenIds);
    },
  };
  for await (const { running } of prepareSearch(counting, base)(IMAGE)) {
    if (running[0]?.tokenIds.length === 3) break;
  }
  expect(steps).toBe(3);
});
