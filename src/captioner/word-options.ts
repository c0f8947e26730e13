import { InvalidArgumentError, type Tokenizer } from '../core/index.js';
import type { SearchOptions } from '../search/index.js';
import { checks } from '../validate/index.js';

/** What captions must and must not say, in words. The model's tokenizer turns them into tokens. */
export interface WordOptions {
  /** What every caption begins with, such as `a photo of`; the search continues from there. It is part of the text. Default none. */
  readonly prefix?: string;
  /**
   * Words and phrases that never come, in lower case or with a capital. A word that the model has no token for cannot come
   * anyway. Where a vocabulary is of word pieces, a banned word bans the longer words that begin with all its pieces too.
   * Default none.
   */
  readonly bannedWords?: readonly string[];
  /**
   * Words and phrases that every caption contains; a list of them stands for any one of the list (`['dog', 'puppy']`). Needs
   * at least 2 beams. Default none.
   */
  readonly requiredWords?: readonly (string | readonly string[])[];
}

/** The search option that an option in words becomes a part of. */
const MEANINGS = {
  prefix: 'startTokenIds',
  bannedWords: 'bannedPhrases',
  requiredWords: 'requiredPhrases',
} as const satisfies Record<keyof WordOptions, keyof SearchOptions>;

/** Options in words as token ids. */
export interface EncodedWords {
  readonly prefix: readonly number[];
  readonly bannedPhrases: readonly (readonly number[])[];
  readonly requiredPhrases: readonly (readonly (readonly number[])[])[];
}

/**
 * Encodes options that are in words.
 *
 * @throws InvalidArgumentError if one is not a string, or must be said and the model has no tokens for it
 */
export function encodeWords(options: WordOptions, tokenizer: Tokenizer): EncodedWords {
  const { prefix = '', bannedWords = [], requiredWords = [] } = options;
  if (typeof prefix !== 'string') throw checks.invalid('prefix', 'prefix', checks.text, prefix);
  checkList('bannedWords', bannedWords);
  checkList('requiredWords', requiredWords);
  return {
    prefix: prefix === '' ? [] : encodePrefix(prefix, tokenizer),
    bannedPhrases: bannedWords.flatMap((phrase) => spellings('bannedWords', phrase, tokenizer)),
    requiredPhrases: requiredWords.map((phrases) => {
      const alternatives = [phrases].flat() as readonly string[];
      const encoded = alternatives.flatMap((phrase) => spellings('requiredWords', phrase, tokenizer));
      if (encoded.length === 0) throw unsayable('requiredWords', alternatives.join(', '));
      return encoded;
    }),
  };
}

/** The error of a search about tokens as one about the words that the caller gave. */
export function inWords(error: unknown, options: WordOptions): unknown {
  if (!(error instanceof InvalidArgumentError)) return error;
  const named = Object.entries(MEANINGS).find(
    ([name, meaning]) => meaning === error.argument && options[name as keyof WordOptions] !== undefined,
  );
  if (named === undefined) return error;
  return new InvalidArgumentError(named[0], error.message.replaceAll(named[1], named[0]));
}

function encodePrefix(prefix: string, tokenizer: Tokenizer): readonly number[] {
  const tokenIds = tokenizer.encode(prefix.trim());
  if (!isSayable(tokenIds, tokenizer)) throw unsayable('prefix', prefix);
  return tokenIds;
}

/** The ways in which a phrase may stand in a caption: at its start or later, in lower case or with a capital. */
function spellings(argument: string, phrase: unknown, tokenizer: Tokenizer): number[][] {
  if (typeof phrase !== 'string' || phrase.trim() === '') {
    throw checks.invalid(
      argument,
      `each item of ${argument}`,
      { expected: 'a word or phrase, not empty', choices: [] },
      phrase,
    );
  }
  const text = phrase.trim();
  const capitalized = text.slice(0, 1).toUpperCase() + text.slice(1);
  const encoded = [` ${text}`, text, ` ${capitalized}`, capitalized]
    .map((spelling) => tokenizer.encode(spelling))
    .filter((tokenIds) => isSayable(tokenIds, tokenizer));
  return [...new Map(encoded.map((tokenIds) => [tokenIds.join(), tokenIds])).values()];
}

/** Whether no part of a text was lost on the way to tokens. */
function isSayable(tokenIds: readonly number[], tokenizer: Tokenizer): boolean {
  if (tokenIds.length === 0) return false;
  return tokenizer.encode(tokenizer.decode(tokenIds)).length === tokenIds.length;
}

function unsayable(argument: string, phrase: string): InvalidArgumentError {
  return new InvalidArgumentError(
    argument,
    `${argument}: the model's vocabulary lacks a word of "${phrase}". Use words that it knows.`,
  );
}

function checkList(argument: keyof WordOptions, value: unknown): void {
  if (Array.isArray(value)) return;
  throw checks.invalid(argument, argument, { expected: 'an array of words or phrases' }, value);
}
