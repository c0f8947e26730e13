import { expect, test } from 'vitest';
import { cleanText } from '../../src/captioner/clean-text.js';
import { CaptionWriter } from '../../src/captioner/caption-writer.js';
import { WordMapTokenizer } from '../../src/tokenizers/word-map-tokenizer.js';
import { defaultManifest } from '../model/model-folder.js';

test.each([
  ['a \u001B[31mred\u001B[0m dog', 'a [31mred[0m dog'],
  ['a\u0000 \u0007dog\u009B2J', 'a dog2J'],
  ['two\nlines\tand\r\ntabs\u2028more', 'two lines and  tabs more'],
  ['dog\u202Egod\u2066x\u2069', 'doggodx'],
  ['\uFEFFa\u200B dog\u{E0041}', 'a dog'],
  ['half \uD83D of one', 'half \uFFFD of one'],
  ['a family 👨‍👩‍👧 in सर्दी, می‌خواهم', 'a family 👨‍👩‍👧 in सर्दी, می‌خواهم'],
  ['', ''],
])('%j is %j', (text, expected) => {
  expect(cleanText(text)).toBe(expected);
});

test("words of a stranger's tokenizer reach no text of a caption as they are", () => {
  const tokenizer = new WordMapTokenizer(['<s>', 'a', 'dog\u001B]0;x\u0007', '\u202Egod']);
  const writer = new CaptionWriter(
    { manifest: defaultManifest() as never, tokenizer },
    { prefix: [], maxLength: 9, hasAttention: false },
  );
  const hypothesis = {
    tokenIds: [1, 2, 3],
    tokenLogProbs: [-1, -1, -1],
    tokenEntropies: [1, 1, 1],
    logProb: -3,
    score: -1,
    isFinished: false,
  };
  const caption = writer.write(hypothesis, {} as never);
  const texts = [caption.text, ...caption.tokens.map(({ text }) => text), ...caption.words.map(({ text }) => text)];
  texts.push(writer.writeBeginning([1, 2, 3]));
  for (const text of texts) expect(text).not.toMatch(/[\p{Cc}\u202E]/u);
  expect(caption.text).toContain('dog]0;x god');
});
