/** A lexicon as data: which words name which group of people, in one language. */
export interface LexiconData<Group extends string = string> {
  /** Name, such as `gender-en`. */
  readonly name: string;
  /** Version of the word lists, such as `1.0.0`: state it with every figure. */
  readonly version: string;
  /** What the groups are about, such as `gender`. */
  readonly attribute: string;
  /** Language of the words, as a BCP 47 tag such as `en`. */
  readonly language: string;
  /** Where the lists come from. */
  readonly source: string;
  /** Words and phrases that name a person of a group, every inflected form of its own; at least two groups. */
  readonly groups: Readonly<Record<Group, readonly string[]>>;
  /** Words and phrases that name a person and none of the groups. */
  readonly neutral: readonly string[];
  /** Phrases that contain a word of the lists and name nobody, such as `no man's land`. Default none. */
  readonly excluded?: readonly string[];
  /** Whether upper and lower case are told apart, as German needs (`Junge`, `junge`). Default false. */
  readonly isCaseSensitive?: boolean;
  /**
   * What a word of a group becomes when it is made neutral: its counterpart, or an empty text for a word that is left out.
   * Every counterpart is one of `neutral`, a pronoun, or empty. Default none: the lexicon measures, and cannot rewrite.
   */
  readonly counterparts?: Readonly<Record<string, string>>;
}

/** One place of a text at which a lexicon's word stands. */
export interface LexiconMatch<Group extends string = string> {
  /** The group that the word names; `neutral` for a word that names none. */
  readonly group: Group | 'neutral';
  /** The word or phrase as the lexicon has it. */
  readonly word: string;
  /** Position of its first character in the text, in UTF-16 units. */
  readonly start: number;
  /** Position after its last character, without a possessive ending. */
  readonly end: number;
}

/**
 * How a caption speaks of people: the one group that it names; `both` for more than one group; `neutral` for people of no
 * named group; `none` for no people. For gender these are the five categories of LIBRA (Hirota et al. 2023).
 */
export type Category<Group extends string = string> = Group | 'both' | 'neutral' | 'none';

/** The categories that are no group's name. */
export const OTHER_CATEGORIES = ['both', 'neutral', 'none'] as const;

/** A lexicon, checked and ready to be asked. Made by `createLexicon`. */
export interface Lexicon<Group extends string = string> {
  /** The data that it was made from. */
  readonly data: LexiconData<Group>;
  /** The names of the groups, in the order of the data. */
  readonly groupNames: readonly Group[];
  /** The lexicon's words in a text, in their order. The longest phrase wins; no two matches overlap. */
  find(text: string): LexiconMatch<Group>[];
  /** How a caption speaks of people. */
  categorize(text: string): Category<Group>;
}
