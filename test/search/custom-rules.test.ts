import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { search, type LogitsProcessor, type SearchOptions, type StoppingCriterion } from '../../src/search/index.js';
import { TableDecoder } from '../../src/testing/index.js';
import { IMAGE } from './exhaustive.js';

const decoder = new TableDecoder({ vocabularySize: 6 });
const base = { startTokenIds: [4], endTokenIds: [1], maxLength: 4, numBeams: 2 } satisfies SearchOptions;

const processor = (process: (logits: Float32Array) => unknown): LogitsProcessor => ({ name: 'mine', process });
const criterion = (shouldStop: () => unknown): StoppingCriterion => ({ name: 'mine', shouldStop }) as StoppingCriterion;

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => process.off('unhandledRejection', note));

describe('what a rule answers', () => {
  test.each<[string, SearchOptions, RegExp]>([
    [
      'an async processor',
      { ...base, logitsProcessors: [processor(async () => undefined)] },
      /logitsProcessors\[0\] \("mine"\): process\(\) returned a promise.*must be synchronous/,
    ],
    [
      'an async processor that throws',
      { ...base, logitsProcessors: [processor(() => Promise.reject(new Error('late')))] },
      /process\(\) returned a promise/,
    ],
    [
      'new scores',
      { ...base, logitsProcessors: [processor((logits) => logits.map((score) => score * 2))] },
      /process\(\) returned an array\. Change the scores in place/,
    ],
    [
      'an async criterion',
      { ...base, stoppingCriteria: [criterion(async () => false)] },
      /stoppingCriteria\[0\] \("mine"\): shouldStop\(\) returned a promise.*must be synchronous/,
    ],
    [
      'an async criterion that throws',
      { ...base, stoppingCriteria: [criterion(() => Promise.reject(new Error('late')))] },
      /shouldStop\(\) returned a promise/,
    ],
    [
      'nothing',
      { ...base, stoppingCriteria: [criterion(() => undefined)] },
      /returned undefined\. Return true or false/,
    ],
    ['a number', { ...base, stoppingCriteria: [criterion(() => 1)] }, /returned a value of type number/],
  ])('%s is an InvalidArgumentError', async (_, options, message) => {
    const [argument] = Object.keys(options).filter((name) => !(name in base));
    await expect(search(decoder, IMAGE, options)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      argument,
      message: expect.stringMatching(message),
    });
    await setImmediate();
    expect(unhandled).toEqual([]);
  });

  test('the row itself, or a number, is what short functions return', async () => {
    const only = [processor((logits) => logits.fill(-1)), processor((logits) => (logits[5] = 0))];
    const [best] = await search(decoder, IMAGE, { ...base, logitsProcessors: only });
    expect(best?.tokenIds).toEqual([5, 5, 5, 5]);
  });
});

describe('what a rule is given cannot be changed by it', () => {
  const attacks: [string, (history: any) => void][] = [
    ['tokenIds', ({ tokenIds }) => tokenIds.push(3)],
    ['startTokenIds', ({ startTokenIds }) => startTokenIds.push(3)],
    ['the history', (history) => (history.tokenIds = [3])],
  ];

  test.each(attacks)('a processor that changes %s throws, and later searches are as before', async (_, attack) => {
    const before = await search(decoder, IMAGE, base);
    const rule = { name: 'attack', process: (_logits: Float32Array, history: unknown) => attack(history) };
    await expect(search(decoder, IMAGE, { ...base, logitsProcessors: [rule] })).rejects.toThrow(TypeError);
    expect(await search(decoder, IMAGE, base)).toEqual(before);
  });

  test.each(attacks)('so does a criterion that changes %s', async (_, attack) => {
    const before = await search(decoder, IMAGE, base);
    const rule = {
      name: 'attack',
      shouldStop: (history: unknown) => {
        attack(history);
        return false;
      },
    };
    await expect(search(decoder, IMAGE, { ...base, stoppingCriteria: [rule] })).rejects.toThrow(TypeError);
    expect(await search(decoder, IMAGE, base)).toEqual(before);
  });

  test('a rule that swallows the error changes nothing either', async () => {
    const expected = await search(decoder, IMAGE, base);
    const rule = {
      name: 'attack',
      process(_: Float32Array, history: unknown) {
        for (const [, attack] of attacks) {
          try {
            attack(history);
          } catch {
            // tries the next one
          }
        }
      },
    };
    expect(await search(decoder, IMAGE, { ...base, logitsProcessors: [rule] })).toEqual(expected);
  });
});
