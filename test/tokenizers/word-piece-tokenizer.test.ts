import { describe, expect, test } from 'vitest';
import { ModelFileError } from '../../src/core/index.js';
import { readWordPiece } from '../../src/tokenizers/read-word-piece.js';
import { WordPieceTokenizer } from '../../src/tokenizers/word-piece-tokenizer.js';
import { read, testAsRecorded } from './recorded.js';

const load = (json: string): WordPieceTokenizer => new WordPieceTokenizer(readWordPiece(json, 'tokenizer.json'));

describe.each(['uncased', 'cased', 'cleaned'])('%s', (name) => {
  testAsRecorded(name, load(read(name)), {
    texts: ['a small dog', 'two children look at a ball'],
    specialTokenIds: [0, 1, 2, 3, 4],
  });
});

const replace = (pattern: object): object => ({ type: 'Replace', pattern, content: '' });

test('signs keep their spaces if the file says so', () => {
  const file = JSON.parse(read('uncased')) as { decoder: object };
  file.decoder = { ...file.decoder, cleanup: false };
  const plain = load(JSON.stringify(file));
  const ids = plain.encode('it, a!');
  expect(plain.decode(ids)).toBe('it , a !');
  expect(load(read('uncased')).decode(ids)).toBe('it, a!');
});

test('a text that grows only grows at its end', () => {
  const tokenizer = load(read('cleaned'));
  const ids = tokenizer.encode("a dog's n't do n ' t 's x ' ' y , n");
  const grown = ids.map((_, count) => tokenizer.decode(ids.slice(0, count), { isPartial: true }));
  const whole = tokenizer.decode(ids);
  expect(whole).toContain("don't");
  for (const [index, text] of [...grown, whole].entries()) expect(text.startsWith(grown[index - 1] ?? '')).toBe(true);
  expect(grown).toContain("a dog's");
});

describe('a file that would give other ids is a ModelFileError', () => {
  test.each<[string, (file: any) => void, RegExp]>([
    ['another model', (file) => (file.model.type = 'Unigram'), /model\.type to be "WordPiece"/],
    ['another division', (file) => (file.pre_tokenizer.type = 'Whitespace'), /pre_tokenizer\.type/],
    ['no normalizer', (file) => (file.normalizer = null), /normalizer to be an object, found null/],
    ['no unknown token', (file) => (file.model.unk_token = '[NONE]'), /model\.unk_token/],
    ['an id twice', (file) => (file.model.vocab.zzz = 7), /a token of its own for id 7/],
    ['an id too high', (file) => (file.model.vocab.zzz = 2 ** 23), /a token for each id/],
    ['another decoder', (file) => (file.decoder.type = 'ByteLevel'), /decoder\.type to be "WordPiece" or "Sequence"/],
    ['another prefix', (file) => (file.decoder.prefix = '@@'), /decoder\.prefix to be "##"/],
    ['no decoders', (file) => (file.decoder = { type: 'Sequence', decoders: [] }), /decoder\.decoders\[0\]/],
    [
      'replacements in each token',
      (file) => (file.decoder = { type: 'Sequence', decoders: [file.decoder, replace({ String: 'a' })] }),
      /decoder\.decoders\[1\]\.type to be "Fuse"/,
    ],
    [
      'a regular expression',
      (file) =>
        (file.decoder = { type: 'Sequence', decoders: [file.decoder, { type: 'Fuse' }, replace({ Regex: 'a' })] }),
      /decoder\.decoders\[2\]\.pattern\.String to be a text/,
    ],
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
