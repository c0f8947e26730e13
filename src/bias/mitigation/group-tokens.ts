import { InvalidArgumentError, type Tokenizer } from '../../core/index.js';
import type { TokenHistory } from '../../search/index.js';
import type { Lexicon } from '../lexicon/lexicon.js';

/** A way in which a tokenizer writes a word of a group. */
export interface GroupToken {
  /** Position of the group in the lexicon's `groupNames`. */
  readonly group: number;
  /** The token that completes the word. */
  readonly tokenId: number;
  /** The tokens before it; none for a word of one token. */
  readonly before: readonly number[];
  /** Whether it is written so only as a text's first word (byte pairs without a leading space). */
  readonly isOnlyFirst: boolean;
  /** The token that takes over its probability when it is made neutral; undefined: none does, and it is only forbidden. */
  readonly counterpart: number | undefined;
}

/** Spelling all words of a lexicon takes longer than a step of the search, so it is done once for each tokenizer and lexicon. */
const known = new WeakMap<Tokenizer, WeakMap<Lexicon, GroupTokens>>();

/**
 * The words of a lexicon as tokens.
 *
 * @throws InvalidArgumentError as {@link GroupTokens}
 */
export function groupTokensOf(tokenizer: Tokenizer, lexicon: Lexicon): GroupTokens {
  const ofTokenizer = known.get(tokenizer) ?? new WeakMap<Lexicon, GroupTokens>();
  known.set(tokenizer, ofTokenizer);
  const tokens = ofTokenizer.get(lexicon) ?? GroupTokens.of(tokenizer, lexicon);
  ofTokenizer.set(lexicon, tokens);
  return tokens;
}

/** The words of a lexicon's groups as the tokens of one vocabulary. */
export class GroupTokens {
  readonly #all: readonly GroupToken[];
  readonly #always: readonly GroupToken[];
  readonly #afterOthers: readonly GroupToken[];
  readonly #first: readonly GroupToken[];

  /**
   * @param tokenizer of whole words or of byte pairs
   * @param lexicon with `counterparts` if words are to be replaced
   * @throws InvalidArgumentError if the vocabulary can write no word of any group
   */
  static of(tokenizer: Tokenizer, lexicon: Lexicon): GroupTokens {
    const all = collect(tokenizer, lexicon);
    if (all.length === 0) {
      const { name, language } = lexicon.data;
      throw new InvalidArgumentError(
        'lexicon',
        `The model's vocabulary has no word of "${name}" (${language}). Use a lexicon of the model's language.`,
      );
    }
    return new GroupTokens(all);
  }

  private constructor(all: readonly GroupToken[]) {
    this.#all = all;
    this.#always = all.filter(({ before, isOnlyFirst }) => before.length === 0 && !isOnlyFirst);
    this.#afterOthers = all.filter(({ before, isOnlyFirst }) => before.length > 0 && !isOnlyFirst);
    this.#first = all.filter(({ isOnlyFirst }) => isOnlyFirst);
  }

  /** Those of some groups only, by their positions. */
  only(groups: ReadonlySet<number>): GroupTokens {
    return new GroupTokens(this.#all.filter(({ group }) => groups.has(group)));
  }

  /** The tokens that would complete a word of a group after these: mostly the same list, as this runs for each beam at each step. */
  after({ startTokenIds, tokenIds }: TokenHistory): readonly GroupToken[] {
    const begun = this.#first.filter(({ before }) => before.length === tokenIds.length && endsWith(tokenIds, before));
    if (this.#afterOthers.length === 0 && begun.length === 0) return this.#always;
    const history = [...startTokenIds, ...tokenIds];
    const further = this.#afterOthers.filter(({ before }) => endsWith(history, before));
    return further.length + begun.length === 0 ? this.#always : [...this.#always, ...further, ...begun];
  }

  /** The groups, by position, that the tokens of a text name. */
  namedBy(tokenIds: readonly number[]): Set<number> {
    const named = new Set<number>();
    tokenIds.forEach((tokenId, index) => {
      const tokens = this.after({ startTokenIds: [], tokenIds: tokenIds.slice(0, index) });
      for (const token of tokens) if (token.tokenId === tokenId) named.add(token.group);
    });
    return named;
  }
}

function endsWith(list: readonly number[], end: readonly number[]): boolean {
  const offset = list.length - end.length;
  return offset >= 0 && end.every((id, index) => list[offset + index] === id);
}

function collect(tokenizer: Tokenizer, lexicon: Lexicon): GroupToken[] {
  const tokens = new Map<string, GroupToken>();
  lexicon.groupNames.forEach((name, group) => {
    for (const word of lexicon.data.groups[name] ?? []) {
      for (const { ids, write, isOnlyFirst } of spellings(word, tokenizer)) {
        const key = `${ids.join()} ${isOnlyFirst}`;
        const before = ids.slice(0, -1);
        const counterpart = counterpartToken(word, before, write, lexicon);
        if (!tokens.has(key)) {
          tokens.set(key, { group, tokenId: ids.at(-1) as number, before, isOnlyFirst, counterpart });
        }
      }
    }
  });
  const list = [...tokens.values()];
  // A token that writes a word anywhere need not be listed as a first word too.
  const anywhere = new Set(list.filter(({ isOnlyFirst }) => !isOnlyFirst).map(idsOf));
  return list.filter((token) => !token.isOnlyFirst || !anywhere.has(idsOf(token)));
}

function idsOf({ before, tokenId }: GroupToken): string {
  return [...before, tokenId].join();
}

interface Spelling {
  readonly ids: readonly number[];
  /** Writes another word in the same way. */
  readonly write: (word: string) => readonly number[];
  readonly isOnlyFirst: boolean;
}

/** After another word, and as the first, in lower case and with a capital; only what the vocabulary can write. */
function spellings(word: string, tokenizer: Tokenizer): Spelling[] {
  const capitalize = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
  const ways: readonly ((text: string) => string)[] = [(text) => text, capitalize];
  return ways.flatMap((way) =>
    [false, true].flatMap((isOnlyFirst) => {
      const write = (text: string): readonly number[] => encodeWord(way(text), isOnlyFirst, tokenizer);
      const ids = write(word);
      return ids.length === 0 ? [] : [{ ids, write, isOnlyFirst }];
    }),
  );
}

/**
 * The tokens of a word as they stand after another word, or at a text's start. After another word they are what a text of both
 * has more than the first alone.
 *
 * @returns an empty list if the vocabulary loses a part of it
 */
function encodeWord(word: string, isFirst: boolean, tokenizer: Tokenizer): readonly number[] {
  const ids = tokenizer.encode(word);
  if (ids.length === 0 || !isFaithful(ids, word, tokenizer)) return [];
  if (isFirst) return ids;
  const before = tokenizer.encode('a');
  const both = tokenizer.encode(`a ${word}`);
  const isPrefix = before.every((id, index) => both[index] === id);
  return isPrefix ? both.slice(before.length) : [];
}

function isFaithful(ids: readonly number[], word: string, tokenizer: Tokenizer): boolean {
  return tokenizer.decode(ids).trim().toLowerCase() === word.toLowerCase();
}

/** The token that says the counterpart in the place of a word's last token, its other tokens standing already. */
function counterpartToken(
  word: string,
  before: readonly number[],
  write: (word: string) => readonly number[],
  { data }: Lexicon,
): number | undefined {
  const counterpart = data.counterparts?.[word];
  if (counterpart === undefined || counterpart === '') return undefined;
  const ids = write(counterpart);
  const sharesStart = ids.length > before.length && before.every((id, index) => ids[index] === id);
  return sharesStart ? ids[before.length] : undefined;
}
