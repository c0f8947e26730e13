import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../src/core/index.js';
import { search, type LogitsProcessor, type SearchOptions, type TokenHistory } from '../../src/search/index.js';
import { bannedTokens, minLengthRule, noRepeatNgram } from '../../src/search/scoring/forbidding-processors.js';
import { TableDecoder } from '../../src/testing/index.js';
import { IMAGE, logSoftmax64 } from './exhaustive.js';

/** The tokens of ten that a rule forbids. */
function forbidden(processor: LogitsProcessor, tokenIds: readonly number[], startTokenIds: readonly number[] = []) {
  const logits = new Float32Array(10).fill(-1);
  processor.process(logits, { startTokenIds, tokenIds });
  return [...logits.keys()].filter((tokenId) => logits[tokenId] === -Infinity);
}

describe('the rule', () => {
  test('bannedTokenIds forbids its tokens', () => {
    expect(forbidden(bannedTokens([2, 7]), [])).toEqual([2, 7]);
  });

  test('minLength forbids end tokens until there are enough others', () => {
    const rule = minLengthRule(2, new Set([0, 9]));
    expect(forbidden(rule, [])).toEqual([0, 9]);
    expect(forbidden(rule, [5], [1, 1, 1])).toEqual([0, 9]);
    expect(forbidden(rule, [5, 6])).toEqual([]);
  });

  test.each([
    { size: 1, tokenIds: [3, 5, 3], expected: [3, 5] },
    { size: 2, tokenIds: [3, 5, 6, 3], expected: [5] },
    { size: 2, tokenIds: [3, 5, 3, 6, 3], expected: [5, 6] },
    { size: 2, tokenIds: [4, 4], expected: [4] },
    { size: 2, tokenIds: [3], expected: [] },
    { size: 3, tokenIds: [1, 2, 3, 1, 2], expected: [3] },
    { size: 3, tokenIds: [1, 2, 3, 2], expected: [] },
    { size: 4, tokenIds: [1, 2], expected: [] },
  ])('noRepeatNgramSize $size after $tokenIds forbids $expected', ({ size, tokenIds, expected }) => {
    expect(forbidden(noRepeatNgram(size, new Set([0])), tokenIds)).toEqual(expected);
  });

  test('noRepeatNgramSize counts the start tokens, but leaves end tokens alone', () => {
    expect(forbidden(noRepeatNgram(2, new Set([0])), [7, 3], [3, 5])).toEqual([5]);
    expect(forbidden(noRepeatNgram(1, new Set([0])), [7], [0])).toEqual([7]);
    expect(forbidden(noRepeatNgram(2, new Set([0])), [3], [3, 0])).toEqual([]);
  });
});

describe('a logits processor of the caller', () => {
  const decoder = new TableDecoder({ vocabularySize: 6 });
  const base = { startTokenIds: [4], endTokenIds: [1], maxLength: 3, numBeams: 2 } satisfies SearchOptions;

  test('sees log-probabilities and the tokens so far', async () => {
    const seen: { logits: number[]; history: TokenHistory }[] = [];
    const spy = {
      name: 'spy',
      process: (logits: Float32Array, history: TokenHistory) => seen.push({ logits: [...logits], history }),
    };
    await search(decoder, IMAGE, { ...base, logitsProcessors: [spy] });
    expect(seen.length).toBeGreaterThan(3);
    for (const { logits, history } of seen) {
      const expected = logSoftmax64(decoder.logits([...history.startTokenIds, ...history.tokenIds]));
      logits.forEach((logit, tokenId) => expect(logit).toBeCloseTo(expected[tokenId] as number, 5));
    }
  });

  test('decides what comes, after the built-in rules and in order', async () => {
    const only = (tokenId: number): LogitsProcessor => ({
      name: `only-${tokenId}`,
      process: (logits) => logits.fill(-Infinity).fill(-1, tokenId, tokenId + 1),
    });
    const options = { ...base, bannedTokenIds: [5], logitsProcessors: [only(2), only(5)] };
    const [found] = await search(decoder, IMAGE, options);
    expect(found?.tokenIds).toEqual([5, 5, 5]);
    expect(found?.tokenLogProbs).toEqual([-1, -1, -1]);
  });

  test.each([NaN, Infinity])('that sets %f is an InvalidArgumentError', async (value) => {
    const bad = { name: 'bad', process: (logits: Float32Array) => void (logits[3] = value) };
    const error: unknown = await search(decoder, IMAGE, {
      ...base,
      logitsProcessors: [{ name: 'good', process: () => undefined }, bad],
    }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toMatchObject({ argument: 'logitsProcessors' });
    expect(String(error)).toContain('logitsProcessors[1] ("bad") set the score of token 3');
  });

  test('that forbids everything is an InvalidArgumentError', async () => {
    const bad = { name: 'bad', process: (logits: Float32Array) => void logits.fill(-Infinity) };
    await expect(search(decoder, IMAGE, { ...base, logitsProcessors: [bad] })).rejects.toMatchObject({
      argument: 'logitsProcessors',
    });
  });

  test.each([
    { argument: 'bannedTokenIds', options: { bannedTokenIds: [0, 1, 2, 3, 4, 5] } },
    { argument: 'minLength', options: { bannedTokenIds: [0, 2, 3, 4, 5], minLength: 1 } },
    { argument: 'noRepeatNgramSize', options: { bannedTokenIds: [1, 2, 3, 4, 5], noRepeatNgramSize: 1 } },
  ])('and so are built-in rules that do: $argument', async ({ argument, options }) => {
    const searching = search(decoder, IMAGE, { ...base, ...options });
    await expect(searching).rejects.toMatchObject({ name: 'InvalidArgumentError', argument });
  });
});
