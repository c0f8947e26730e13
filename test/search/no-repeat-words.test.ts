import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Tokenizer } from '../../src/core/index.js';
import { search, type SearchOptions } from '../../src/search/index.js';
import { noRepeatWords } from '../../src/search/scoring/no-repeat-words.js';
import { TableDecoder } from '../../src/testing/index.js';
import { createTokenizer } from '../../src/tokenizers/index.js';
import { WordMapTokenizer } from '../../src/tokenizers/word-map-tokenizer.js';
import { IMAGE } from './exhaustive.js';

const WORDS = ['<start>', '<end>', 'a', 'round', 'dog', "'s", 'the', 'very', 'rounded'];
const wordMap = new WordMapTokenizer(WORDS);

/** Pieces as byte pairs have them: a space before a token begins a word. */
const PIECES = ['<s>', ' a', 'a', ' round', 'ed', ' skate', 'board', ' an', 'ci', 'ent', ',', ' the', 'The', ' Round'];
const pieces: Tokenizer = {
  vocabularySize: PIECES.length,
  decode: (ids) =>
    ids
      .map((id) => PIECES[id]!)
      .filter((piece) => !piece.startsWith('<'))
      .join(''),
  encode(text) {
    const ids: number[] = [];
    for (let rest = text; rest !== '';) {
      const found = PIECES.filter((piece) => rest.startsWith(piece)).sort((a, b) => b.length - a.length)[0];
      if (found === undefined) return [];
      ids.push(PIECES.indexOf(found));
      rest = rest.slice(found.length);
    }
    return ids;
  },
  token: (id) => PIECES[id],
};

interface Given {
  readonly start?: readonly number[];
  readonly maxLength?: number;
  readonly requiredPhrases?: readonly (readonly (readonly number[])[])[];
}

function forbidden(tokenizer: Tokenizer, names: readonly string[], vocabulary: readonly string[], given: Given = {}) {
  const { start = [0], maxLength = 20, requiredPhrases = [] } = given;
  const logits = new Float32Array(tokenizer.vocabularySize);
  const tokenIds = names.map((name) => vocabulary.indexOf(name));
  expect(tokenIds).not.toContain(-1);
  noRepeatWords(tokenizer, { maxLength, requiredPhrases }).process(logits, { startTokenIds: start, tokenIds });
  return vocabulary.filter((_, id) => logits[id] === -Infinity);
}

describe('of a word map, the rule forbids', () => {
  test.each([
    { tokens: ['a', 'round'], expected: ['round'] },
    { tokens: ['a'], expected: ['a'] }, // no token continues a word, so none is let through as the beginning of one
    { tokens: [], expected: [] },
    { tokens: ['dog', "'s"], expected: [] }, // "dog's dog" is no repetition
    { tokens: ['the', 'dog', "'s", 'dog'], expected: ['dog', "'s"] },
    { tokens: ['round', 'dog'], expected: ['dog'] },
  ])('$expected after $tokens', ({ tokens, expected }) => {
    expect(forbidden(wordMap, tokens, WORDS)).toEqual(expected);
  });

  test('a word of the start tokens too', () => {
    expect(forbidden(wordMap, [], WORDS, { start: [0, 3] })).toEqual(['round']);
  });
});

describe('of word pieces, the rule forbids', () => {
  const after = (tokens: readonly string[], given?: Given) => forbidden(pieces, tokens, PIECES, given);

  test.each([
    { what: 'the one token of a word', tokens: [' a', ' round'], expected: [' round'] },
    { what: 'nothing before the last piece', tokens: [' skate', 'board'], expected: [] },
    { what: 'the last piece of several', tokens: [' skate', 'board', ' skate'], expected: [' skate', 'board'] },
    { what: 'what begins alike, if the word is long', tokens: [' round', 'ed', ' round'], expected: [' round', 'ed'] },
    { what: 'not a short word, which may begin another', tokens: [' round', ' an'], expected: [] },
    { what: 'nothing of the longer word', tokens: [' an', ' an', 'ci'], expected: [] },
    { what: 'the word after one with a capital', tokens: [' Round'], expected: [' round', ' Round'] },
    { what: 'nothing after a comma', tokens: [' round', ','], expected: [] },
  ])('$what: $expected after $tokens', ({ tokens, expected }) => {
    expect(after(tokens)).toEqual(expected);
  });

  test('what would end a short word that has come twice', () => {
    const ends = ['<s>', ' a', ' round', ' skate', ' an', ',', ' the', ' Round'];
    expect(after([' an', ' an'])).toEqual(ends);
    expect(after(['The', ' the'])).toEqual(ends);
    expect(after(['a', ' a'])).toEqual(ends);
  });

  test('a short word too, if the caption would end with it', () => {
    expect(after([' an'], { maxLength: 2 })).toEqual([' an']);
    expect(after(['The'], { maxLength: 2 })).toEqual([' the']);
  });

  test('not what a required phrase needs', () => {
    expect(after([' round'], { requiredPhrases: [[[3, 3]]] })).toEqual([]);
    expect(after([' round'], { requiredPhrases: [[[5, 6]]] })).toEqual([' round']);
  });
});

test('real byte pairs: the last piece of a word of several', () => {
  const model = JSON.parse(readFileSync('models/vit-gpt2/captioneer.json', 'utf8'));
  const tokenizer = createTokenizer(model, readFileSync('models/vit-gpt2/tokenizer.json', 'utf8'));
  const logits = new Float32Array(tokenizer.vocabularySize);
  const ids = tokenizer.encode(' an ancient xylophone xylophone');
  const word = tokenizer.encode(' xylophone');
  expect(word.length).toBeGreaterThan(2);
  const rule = noRepeatWords(tokenizer, { maxLength: 50, requiredPhrases: [] });
  rule.process(logits, { startTokenIds: [0], tokenIds: ids.slice(0, -1) });
  expect([...logits.keys()].filter((id) => logits[id] === -Infinity)).toEqual([word.at(-1)]);
  for (let length = 1; length < ids.length - word.length; length++) {
    logits.fill(0);
    rule.process(logits, { startTokenIds: [0], tokenIds: ids.slice(0, length) });
    expect(logits[ids[length]!]).toBe(0); // "an ancient" stays possible
  }
});

describe('as an option', () => {
  const decoder = new TableDecoder({ vocabularySize: WORDS.length });
  const tokens = { startTokenIds: [0], endTokenIds: [1], maxLength: 8, tokenizer: wordMap };
  const repeats = (tokenIds: readonly number[]): boolean =>
    tokenIds.some((id, at) => at > 0 && id === tokenIds[at - 1]);

  test.each<[string, object]>([
    ['greedy', { strategy: 'greedy' }],
    ['beams', { numBeams: 4, numCaptions: 4 }],
    ['samples', { strategy: 'sample', seed: 4, numCaptions: 20 }],
  ])('%s: no word comes right after itself', async (_, options) => {
    const favoured = { ...tokens, ...options, logitBias: { 3: 3 }, bannedTokenIds: [0], minLength: 6 } as SearchOptions;
    expect((await search(decoder, IMAGE, favoured)).some(({ tokenIds }) => repeats(tokenIds))).toBe(true);
    const found = await search(decoder, IMAGE, { ...favoured, noRepeatWords: true });
    for (const { tokenIds } of found) expect(repeats(tokenIds)).toBe(false);
  });

  test('it is off unless asked for, and needs a tokenizer', async () => {
    const { tokenizer, ...rest } = tokens;
    expect(await search(decoder, IMAGE, { ...rest, tokenizer })).toEqual(await search(decoder, IMAGE, rest));
    await expect(search(decoder, IMAGE, { ...rest, noRepeatWords: true })).rejects.toMatchObject({
      argument: 'tokenizer',
    });
    await expect(search(decoder, IMAGE, { ...tokens, noRepeatWords: 1 as never })).rejects.toMatchObject({
      argument: 'noRepeatWords',
    });
  });
});
