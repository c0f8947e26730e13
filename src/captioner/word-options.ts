import { InvalidArgumentError, type Tokenizer } from '../core/index.js';
import type { SearchOptions } from '../search/index.js';
import { checks } from '../validate/index.js';

/** What captions must and must not say, in words. The model's tokenizer turns them into tokens. */
export interface WordOptions {
  /** What every caption begins with, such as `a photo of`; the search continues from there. It is part of the text. Default none. */
  readonly prefix?: string;
  /**
   * What a model that was trained to continue texts (`manifest.promptUse`: BLIP, GIT) is given to continue, such as
   * `a photography of`. Captions begin with it, in the spelling of the model's vocabulary, and it counts in the model's own
   * `maxLength`; a `maxLength` of the call counts what follows it. For other models it is an error. Default none.
   */
  readonly prompt?: string;
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
  prompt: 'startTokenIds',
  bannedWords: 'bannedPhrases',
  requiredWords: 'requiredPhrases',
} as const satisfies Record<keyof WordOptions, keyof SearchOptions>;

/** Options in words as token ids. */
export interface EncodedWords {
  /** Of the prefix or the prompt. */
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
  const { bannedWords = [], requiredWords = [] } = options;
  checkList('bannedWords', bannedWords);
  checkList('requiredWords', requiredWords);
  return {
    prefix: encodeBeginning(options, tokenizer),
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

/** The text that captions begin with: the prompt or the prefix, not both. */
function encodeBeginning({ prefix, prompt }: WordOptions, tokenizer: Tokenizer): readonly number[] {
  const name = prompt === undefined ? 'prefix' : 'prompt';
  const text: unknown = prompt ?? prefix ?? '';
  if (typeof text !== 'string') throw checks.invalid(name, name, checks.text, text);
  if (prompt !== undefined && prefix !== undefined) {
    const message = 'prompt and prefix are both what captions of this model begin with. Give one of them.';
    throw new InvalidArgumentError('prefix', message);
  }
  if (text === '') return [];
  const tokenIds = tokenizer.encode(text.trim());
  if (!isSayable(tokenIds, tokenizer)) throw unsayable(name, text);
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
