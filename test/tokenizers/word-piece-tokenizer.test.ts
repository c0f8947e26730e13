import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ModelFileError } from '../../src/core/index.js';
import { tokenizerContract } from '../../src/testing/index.js';
import { readWordPiece } from '../../src/tokenizers/read-word-piece.js';
import { WordPieceTokenizer } from '../../src/tokenizers/word-piece-tokenizer.js';

/** What fixtures/record_tokenizers.py recorded of the Python package `tokenizers`. */
interface Recording {
  readonly encoded: readonly { readonly text: string; readonly ids: readonly number[]; readonly decoded?: string }[];
  readonly decoded: readonly { readonly ids: readonly number[]; readonly text: string }[];
}

const read = (name: string): string => readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8');
const load = (json: string): WordPieceTokenizer => new WordPieceTokenizer(readWordPiece(json, 'tokenizer.json'));

describe.each(['uncased', 'cased'])('%s', (name) => {
  const tokenizer = load(read(name));
  const { encoded, decoded } = JSON.parse(read(`${name}.recording`)) as Recording;

  test('the ids of each text are those of tokenizers', () => {
    for (const { text, ids } of encoded) expect({ text, ids: tokenizer.encode(text) }).toEqual({ text, ids });
  });

  test('the text of any ids is that of tokenizers', () => {
    for (const { text, ids, decoded: back = text } of encoded) expect(tokenizer.decode(ids)).toBe(back);
    for (const { text, ids } of decoded) expect(tokenizer.decode(ids)).toBe(text);
  });

  for (const { name: title, run, skip } of tokenizerContract({
    name,
    create: () => tokenizer,
    texts: ['a small dog', 'two children look at a ball'],
    specialTokenIds: [0, 1, 2, 3, 4],
  })) {
    test.skipIf(skip !== undefined)(title, run);
  }
});

describe('a file that would give other ids is a ModelFileError', () => {
  test.each<[string, (file: any) => void, RegExp]>([
    ['another model', (file) => (file.model.type = 'Unigram'), /model\.type to be "WordPiece"/],
    ['another division', (file) => (file.pre_tokenizer.type = 'Whitespace'), /pre_tokenizer\.type/],
    ['no normalizer', (file) => (file.normalizer = null), /normalizer to be an object, found null/],
    ['no unknown token', (file) => (file.model.unk_token = '[NONE]'), /model\.unk_token/],
    ['an id twice', (file) => (file.model.vocab.zzz = 7), /a token of its own for id 7/],
    ['an id too high', (file) => (file.model.vocab.zzz = 2 ** 23), /a token for each id/],
    ['an id that is none', (file) => (file.model.vocab.zzz = 1.5), /to be a token id/],
  ])('%s', (_, change, message) => {
    const file: unknown = JSON.parse(read('uncased'));
    change(file);
    expect(() => load(JSON.stringify(file))).toThrow(ModelFileError);
    expect(() => load(JSON.stringify(file))).toThrow(message);
  });
});

test('words of any length take little time', () => {
  const tokenizer = load(read('uncased'));
  const unknown = tokenizer.encode('\u{10FFFD}'.repeat(3) + 'x'.repeat(200_000));
  expect(unknown).toEqual([1]);
});
