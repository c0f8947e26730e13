import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CaptioneerError } from '../../src/core/index.js';
import { createTokenizer } from '../../src/tokenizers/index.js';

const TINY = readFileSync(new URL('fixtures/tiny.json', import.meta.url), 'utf8');
const UNCASED = readFileSync(new URL('fixtures/uncased.json', import.meta.url), 'utf8');
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const numbered = (count: number): string => Array.from({ length: count }, (_, n) => `"w${n}":${n}`).join();
const changed = (json: string, change: (file: any) => void): string => {
  const file: unknown = JSON.parse(json);
  change(file);
  return JSON.stringify(file);
};

function errorOf(type: string, vocabularySize: number, json: string): unknown {
  try {
    createTokenizer({ tokenizer: { type, file: 'tokenizer.json' }, vocabularySize }, json);
  } catch (error) {
    return error;
  }
  return undefined;
}

const HOSTILE: readonly (readonly [what: string, type: string, vocabularySize: number, json: () => string])[] = [
  ['not JSON', 'byte-level-bpe', 10, () => '{'],
  ['null', 'byte-level-bpe', 10, () => 'null'],
  ['null', 'word-map', 10, () => 'null'],
  ['nothing but brackets', 'byte-level-bpe', 10, () => nested(100_000)],
  ['nothing but brackets', 'word-map', 10, () => nested(100_000)],
  ['a nested model', 'byte-level-bpe', 10, () => `{"model":${nested(50_000)}}`],
  ['a nested merge', 'byte-level-bpe', 421, () => TINY.replace(/"merges":\s*\[/, `$&${nested(50_000)},`)],
  [
    'a merge of nested parts',
    'byte-level-bpe',
    421,
    () => TINY.replace(/"merges":\s*\[/, `$&[${nested(50_000)},"a"],`),
  ],
  ['a nested id', 'byte-level-bpe', 421, () => TINY.replace(/"vocab":\s*\{/, `$&"x":${nested(50_000)},`)],
  [
    'a nested setting',
    'word-piece',
    1200,
    () => UNCASED.replace(/"lowercase":\s*true/, `"lowercase":${nested(50_000)}`),
  ],
  ['a nested word', 'word-map', 2, () => `{"type":"word-map","words":["a",${nested(50_000)}]}`],
  ['five million words', 'word-map', 1000, () => `{"type":"word-map","words":[${'"",'.repeat(5e6)}""]}`],
  ['more words than the model has', 'word-map', 1000, () => `{"type":"word-map","words":[${'"a",'.repeat(1e5)}"a"]}`],
  ['the same word again', 'word-map', 3, () => '{"type":"word-map","words":["a","a","b"]}'],
  ['more tokens than the model has', 'byte-level-bpe', 10, () => changed(TINY, () => undefined)],
  ['many more', 'word-piece', 10, () => UNCASED.replace(/"vocab":\s*\{/, `$&${numbered(50_000)},`)],
  [
    'many added tokens',
    'byte-level-bpe',
    421,
    () => changed(TINY, (file) => (file.added_tokens = Array(5000).fill({ id: 1, content: 'x' }))),
  ],
  ['an id far away', 'byte-level-bpe', 422, () => changed(TINY, (file) => (file.model.vocab.far = 2 ** 24 - 1))],
  ['too long a text', 'byte-level-bpe', 421, () => TINY + ' '.repeat(2 ** 21)],
  ['an unknown kind', 'constructor', 10, () => '{}'],
];

test.each(HOSTILE)('%s (%s, %i tokens) is a typed error with a short message', (_, type, vocabularySize, json) => {
  const error = errorOf(type, vocabularySize, json());
  expect(CaptioneerError.isInstance(error), String(error)).toBe(true);
  expect(String(error).length).toBeLessThan(400);
});

test('keys that objects inherit are words like others', () => {
  const names = ['__proto__', 'constructor', 'toString', '[UNK]'];
  const vocab = `{${names.map((name, id) => `"${name}":${id}`).join()}}`;
  const json = `{"normalizer":{"type":"BertNormalizer"},"pre_tokenizer":{"type":"BertPreTokenizer"},
    "model":{"type":"WordPiece","vocab":${vocab}}}`;
  const tokenizer = createTokenizer(
    { tokenizer: { type: 'word-piece', file: 'tokenizer.json' }, vocabularySize: 4 },
    json,
  );
  expect(names.map((_, id) => tokenizer.token(id))).toEqual(names);
  expect(tokenizer.encode('constructor')).toEqual([1]);
});
