import { InvalidArgumentError } from '../../core/index.js';
import { type Category, type Lexicon, type LexiconData, type LexiconMatch, OTHER_CATEGORIES } from './lexicon.js';
import { compoundParts, normalizeWord, type TextWord, textWords } from './words.js';

/** What a phrase of a lexicon names: a group, people of none, or (excluded) nobody. */
interface Entry<Group extends string> {
  readonly group: Group | 'neutral' | undefined;
  /** As the data has it. */
  readonly word: string;
}

/**
 * Makes a lexicon of its data.
 *
 * A word matches as a whole, wherever it stands, also before a possessive ending (`man's`, `boys'`). Of a hyphenated compound
 * that is not an entry itself, the last part counts (`snow-woman`, but not `man-made`), and the others too if each of them is an
 * entry (`father-daughter`).
 *
 * @throws InvalidArgumentError if a word is in two groups (the message names it), if there are fewer than two groups, if a group is empty or
 *   named `both`, `neutral` or `none`, or if a counterpart belongs to a word that no group has
 * @example
 * ```ts
 * const lexicon = createLexicon({ ...GENDER_EN.data, name: 'my-gender-en', version: '1' });
 * lexicon.categorize("A woman's dog"); // 'female'
 * ```
 */
export function createLexicon<Group extends string>(data: LexiconData<Group>): Lexicon<Group> {
  const groupNames = checkGroups(data);
  const entries = indexEntries(data, groupNames);
  checkCounterparts(data, groupNames, entries);
  const maxWords = Math.max(...Array.from(entries.keys(), (key) => key.split(' ').length));
  const find = (text: string): LexiconMatch<Group>[] => findMatches(text, entries, maxWords, keyOf(data));
  return { data, groupNames, find, categorize: (text) => categoryOf(find(text)) };
}

/**
 * A lexicon of the library's own data. It is checked and indexed when it is first asked, as loading a model needs none of it.
 *
 * @internal
 */
export function builtInLexicon<Group extends string>(data: LexiconData<Group>): Lexicon<Group> {
  let lexicon: Lexicon<Group> | undefined;
  const checked = (): Lexicon<Group> => (lexicon ??= createLexicon(data));
  return {
    data,
    groupNames: Object.keys(data.groups) as Group[],
    find: (text) => checked().find(text),
    categorize: (text) => checked().categorize(text),
  };
}

/** How captions with these matches speak of people. */
function categoryOf<Group extends string>(matches: readonly LexiconMatch<Group>[]): Category<Group> {
  const groups = new Set(matches.map(({ group }) => group));
  const isNeutral = groups.delete('neutral');
  if (groups.size > 1) return 'both';
  const [only] = groups;
  return only ?? (isNeutral ? 'neutral' : 'none');
}

type KeyOf = (word: string) => string;

function keyOf({ isCaseSensitive = false, language }: Pick<LexiconData, 'isCaseSensitive' | 'language'>): KeyOf {
  return (word) => (isCaseSensitive ? normalizeWord(word) : normalizeWord(word).toLocaleLowerCase(language));
}

function checkGroups<Group extends string>({ name, groups }: LexiconData<Group>): Group[] {
  const names = Object.keys(groups) as Group[];
  if (names.length < 2) throw invalid(name, `has ${names.length} group(s). It needs at least two.`);
  for (const group of names) {
    const isReserved = (OTHER_CATEGORIES as readonly string[]).includes(group);
    if (isReserved) throw invalid(name, `has a group "${group}", which is the name of a category. Rename the group.`);
    if (groups[group].length === 0) throw invalid(name, `has no words in group "${group}". Add some.`);
  }
  return names;
}

function indexEntries<Group extends string>(
  data: LexiconData<Group>,
  groupNames: readonly Group[],
): Map<string, Entry<Group>> {
  const entries = new Map<string, Entry<Group>>();
  const toKey = keyOf(data);
  const add = (word: unknown, group: Group | 'neutral' | undefined): void => {
    const list = group ?? 'excluded';
    if (typeof word !== 'string' || textWords(word).length === 0) {
      throw invalid(data.name, `has an entry of "${list}" that is not a word: ${JSON.stringify(word)}.`);
    }
    const key = phraseKey(word, toKey);
    const known = entries.get(key);
    if (known !== undefined && known.group !== group) {
      throw invalid(data.name, `has "${word}" in both "${known.group ?? 'excluded'}" and "${list}". Keep it in one.`);
    }
    entries.set(key, { group, word });
  };
  for (const group of groupNames) for (const word of data.groups[group]) add(word, group);
  for (const word of data.neutral) add(word, 'neutral');
  for (const word of data.excluded ?? []) add(word, undefined);
  return entries;
}

/** A phrase as the words of a text make it. A possessive inside a phrase is not part of it there either. */
function phraseKey(phrase: string, toKey: KeyOf): string {
  return textWords(phrase)
    .map(({ text }) => toKey(text))
    .join(' ');
}

function checkCounterparts<Group extends string>(
  data: LexiconData<Group>,
  groupNames: readonly Group[],
  entries: ReadonlyMap<string, Entry<Group>>,
): void {
  const toKey = keyOf(data);
  for (const word of Object.keys(data.counterparts ?? {})) {
    const group = entries.get(phraseKey(word, toKey))?.group;
    if (group === undefined || group === 'neutral') {
      throw invalid(
        data.name,
        `has a counterpart of "${word}", which is in none of ${groupNames.join(', ')}. Add it there.`,
      );
    }
  }
}

function findMatches<Group extends string>(
  text: string,
  entries: ReadonlyMap<string, Entry<Group>>,
  maxWords: number,
  toKey: KeyOf,
): LexiconMatch<Group>[] {
  const words = textWords(text);
  const keys = words.map((word) => toKey(word.text));
  const matches: LexiconMatch<Group>[] = [];
  for (let at = 0; at < words.length;) {
    const length = longestPhrase(keys, at, maxWords, entries);
    const entry = entries.get(keys.slice(at, at + length).join(' '));
    if (entry === undefined) {
      matches.push(...matchesInCompound(words[at]!, entries, toKey));
    } else if (entry.group !== undefined) {
      matches.push({ group: entry.group, word: entry.word, start: words[at]!.start, end: words[at + length - 1]!.end });
    }
    at += length;
  }
  return matches;
}

/** Number of words of the longest entry that begins at a word; 1 if none does. */
function longestPhrase(
  keys: readonly string[],
  at: number,
  maxWords: number,
  entries: ReadonlyMap<string, unknown>,
): number {
  for (let length = Math.min(maxWords, keys.length - at); length > 1; length--) {
    if (entries.has(keys.slice(at, at + length).join(' '))) return length;
  }
  return 1;
}

function matchesInCompound<Group extends string>(
  word: TextWord,
  entries: ReadonlyMap<string, Entry<Group>>,
  toKey: KeyOf,
): LexiconMatch<Group>[] {
  const parts = compoundParts(word);
  if (parts.length === 1) return [];
  const found = parts.map((part) => ({ part, entry: entries.get(toKey(part.text)) }));
  const counted = found.every(({ entry }) => entry?.group !== undefined) ? found : found.slice(-1);
  return counted.flatMap(({ part, entry }) =>
    entry?.group === undefined ? [] : [{ group: entry.group, word: entry.word, start: part.start, end: part.end }],
  );
}

function invalid(name: string, fault: string): InvalidArgumentError {
  return new InvalidArgumentError('lexicon', `The lexicon "${name}" ${fault}`);
}
