import { describe, expect, it } from 'vitest';
import { tokenize } from '../../src/metrics/index.js';

/** Each line is what Stanford's PTBTokenizer 3.4.1 with -lowerCase gives, after pycocoevalcap's list of punctuation. */
const RECORDED: [caption: string, tokens: string][] = [
  [
    "A man's dog can't cannot gonna gotta wanna lemme gimme",
    "a man 's dog ca n't can not gon na got ta wan na lem me gim me",
  ],
  ["DON'T wouldn't 'tis 'Twas", "do n't would n't 't is 't was"],
  [
    'the t-shirt re-enact black-and-white 3-year-old and/or 1/2',
    'the t-shirt re-enact black-and-white 3-year-old and/or 1/2',
  ],
  ['a U.S. flag and a St. Bernard, mr. Smith.', 'a u.s. flag and a st. bernard mr. smith'],
  [
    "the boys' dogs \"quoted\" 'single' (brackets) [square] {curly}",
    'the boys dogs quoted single -lrb- brackets -rrb- -lsb- square -rsb- -lcb- curly -rcb-',
  ],
  ["they've we'll I'm he'd she's o'clock ma'am O'Brien", "they 've we 'll i 'm he 'd she 's o'clock ma'am o'brien"],
  ['hello...there wait.... a - b -- c', 'hello there wait a b c'],
  ["“curly” it’s 10,000 3.5 12:30pm 5th 1980s 80's 50%", "curly it 's 10,000 3.5 12:30 pm 5th 1980s 80 's 50 %"],
  ['A grey theatre is colourful.', 'a grey theatre is colourful'],
  ['AT&T & c&a $5 £5 €5', 'at&t & c & a $ 5 # 5 $ 5'],
  [' , . ! ? ', ''],
  ['', ''],
];

describe('tokenize', () => {
  it.each(RECORDED)('%s', (caption, tokens) => {
    expect(tokenize(caption).join(' ')).toBe(tokens);
  });

  it('gives the same tokens the second time', () => {
    expect(tokenize("A man's dog.")).toEqual(tokenize("A man's dog."));
    const first = tokenize('a dog');
    first.push('x');
    expect(tokenize('a dog')).toEqual(['a', 'dog']);
  });
});
