import { expect, test } from 'vitest';
import { ModelMismatchError } from '../../src/core/index.js';
import { tokenizerContract } from '../../src/testing/index.js';
import { WordMapTokenizer } from '../../src/tokenizers/word-map-tokenizer.js';

const words = ['<pad>', '<start>', '<end>', '<unk>', 'a', 'dog', "'s", 'ball', 't-shirt', "doesn't", '2'];
const tokenizer = new WordMapTokenizer(words);

for (const { name, run, skip } of tokenizerContract({
  name: 'word map',
  create: () => tokenizer,
  texts: ['a dog', "a dog's ball", "2 t-shirt doesn't"],
  specialTokenIds: [0, 1, 2, 3],
})) {
  test.skipIf(skip !== undefined)(name, run);
}

test('text is lower-cased, punctuation dropped, a possessive its own word, the unknown marked', () => {
  expect(tokenizer.encode('A DOG\u2019s ball, zebra!')).toEqual([4, 5, 6, 7, 3]);
  expect(tokenizer.encode('t-shirt, dog\u00e9a -- 2')).toEqual([8, 5, 4, 10]); // as training/ divides it
});

test('special tokens and ids outside the vocabulary have no text', () => {
  expect(tokenizer.decode([1, 4, 5, 6, 7, 2, 99])).toBe("a dog's ball");
  expect(tokenizer.token(99)).toBeUndefined();
});

test('a word that stands twice is refused', () => {
  expect(() => new WordMapTokenizer(['a', 'a'])).toThrow(ModelMismatchError);
});
