import { ModelMismatchError, type Tokenizer } from '../core/index.js';

/** What the vocabularies were built from: other signs, and letters outside ASCII, divide words. */
const WORD = /[a-z0-9]+(?:[-'][a-z0-9]+)*/g;
const POSSESSIVE = "'s";

/** A word-map tokenizer as its file holds it. */
export interface WordMap {
  readonly type: 'word-map';
  /** Words by id; those written `<…>` are special and have no text. */
  readonly words: readonly string[];
}

/**
 * One id a word: the vocabulary of captioners trained from scratch (Show and Tell; Show, Attend and Tell).
 *
 * Text is lower-cased, punctuation is dropped, and a possessive `'s` is a word of its own. A word outside the
 * vocabulary becomes `<unk>`.
 */
export class WordMapTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly #words: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  constructor(words: readonly string[]) {
    this.#words = words;
    this.#ids = new Map(words.map((word, id) => [word, id]));
    this.vocabularySize = words.length;
    if (this.#ids.size !== words.length) {
      throw new ModelMismatchError('tokenizer', `${words.length} different words`, `${this.#ids.size}`);
    }
  }

  encode(text: string): number[] {
    const unknown = this.#ids.get('<unk>');
    const ids: number[] = [];
    for (const word of splitWords(text)) {
      const id = this.#ids.get(word) ?? unknown;
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }

  decode(tokenIds: readonly number[]): string {
    let text = '';
    for (const id of tokenIds) {
      const word = this.#words[id];
      if (word === undefined || isSpecial(word)) continue;
      text += text === '' || word === POSSESSIVE ? word : ` ${word}`;
    }
    return text;
  }

  token(tokenId: number): string | undefined {
    return this.#words[tokenId];
  }
}

function isSpecial(word: string): boolean {
  return word.startsWith('<') && word.endsWith('>');
}

function splitWords(text: string): string[] {
  const words = text.toLowerCase().replaceAll('\u2019', "'").match(WORD) ?? [];
  return words.flatMap((word) => (word.endsWith(POSSESSIVE) ? [word.slice(0, -2), POSSESSIVE] : [word]));
}
