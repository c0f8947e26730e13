import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { captionWords } from '../../src/captioner/caption-words.js';
import { CaptionWriter } from '../../src/captioner/caption-writer.js';
import { ByteLevelBpeTokenizer } from '../../src/tokenizers/byte-level-bpe-tokenizer.js';
import { readByteLevelBpe } from '../../src/tokenizers/read-byte-level-bpe.js';

const file = new URL('../tokenizers/fixtures/tiny.json', import.meta.url);
const tokenizer = new ByteLevelBpeTokenizer(readByteLevelBpe(readFileSync(file, 'utf8'), 'tiny.json'));
const ids = tokenizer.encode('a dog \u{1f600}! sleeping');
const tokens = ids.map((id) => ({ id, text: tokenizer.token(id)!, logProb: -1, entropy: 0 }));

test('words are whole where the bytes of a character come one by one', () => {
  const words = captionWords(tokens, [], tokenizer);
  expect(words.map(({ text }) => text)).toEqual(['a', 'dog', '\u{1f600}!', 'sleeping']);
  expect(words.reduce((sum, { logProb }) => sum + logProb, 0)).toBe(-tokens.length);
});

test('a caption under way shows whole characters only, and grows to the caption', () => {
  const writer = new CaptionWriter(
    { manifest: {} as never, tokenizer },
    { prefix: [], maxLength: 50, hasAttention: false },
  );
  const beginnings = ids.map((_, count) => writer.writeBeginning(ids.slice(0, count + 1)));
  beginnings.reduce((before, after) => {
    expect(after.startsWith(before)).toBe(true);
    return after;
  });
  expect(beginnings.join('')).not.toContain('\ufffd');
  expect(beginnings).toContain('a dog');
  expect(beginnings.at(-1)).toBe('a dog \u{1f600}! sleeping');
});
