/** A kind of token: what it looks like, and what it becomes. Punctuation that is left out becomes its Penn Treebank form. */
export type Rule = readonly [pattern: RegExp, tokens: (match: string) => readonly string[]];

const asIs = (match: string): string[] => [match.toLowerCase()];
const instead =
  (...tokens: string[]) =>
  (): string[] =>
    tokens;

const BRACKETS: Record<string, string> = {
  '(': '-lrb-',
  ')': '-rrb-',
  '[': '-lsb-',
  ']': '-rsb-',
  '{': '-lcb-',
  '}': '-rcb-',
};

/** Round brackets in a longer token, such as a smiley. */
const withBrackets = (match: string): string[] => [match.toLowerCase().replace(/[()]/gu, (found) => BRACKETS[found]!)];

/** What comes before words. The first rule that matches at a place counts. */
export const RULES_BEFORE_WORDS: readonly Rule[] = [
  [/<[/!?]?\p{L}[^<>]*>/uy, asIs],
  [/&(?:quot|#34);/uy, instead("''")],
  [/&amp;/uy, instead('&')],
  [/&lt;/uy, instead('<')],
  [/&gt;/uy, instead('>')],
  [/&nbsp;/uy, instead()],
  [/https?:\/\/[^\s"<>()]*[^\s"<>().,;:!?-]/uy, asIs],
  [/[\p{L}\p{N}_.+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/uy, asIs],
  [/[<>]?[:;=][-o*']?(?:[()@|[\]{\\]|[DPdpO](?!\p{L}))/uy, withBrackets],
  [/\^_\^/uy, asIs],
  [/\(\d{3}\)/uy, withBrackets],
  // Apostrophes that begin a token.
  [/(?<![\p{L}\p{N}])'(?:\d\ds?(?![\p{L}\p{N}'])|(?:em|til|cause)(?!\p{L}))/iuy, asIs],
  [/'n'|'n(?!\p{L})/iuy, asIs],
  [/'(?:tis|twas)(?!\p{L})/iuy, (match) => [match.slice(0, 2).toLowerCase(), match.slice(2).toLowerCase()]],
  [/'(?:s|m|d|ll|ve|re)(?![\p{L}\p{N}])/iuy, asIs],
  [/n't(?!\p{L})|ol'(?!\p{L})|[yj]'(?=\p{L}{2})/iuy, asIs],
  // Initials and acronyms with full stops.
  [/(?:\p{L}\.)+\p{L}(?![\p{L}\p{N}.])|(?:\p{L}\.)+(?:-\p{L}+|(?!\p{L}{2}))|Ph\.D\.?/iuy, asIs],
  // Money and other signs.
  [/(?:US|[AC])\$/iuy, asIs],
  [/€/uy, instead('$')],
  [/£/uy, instead('#')],
  [/¢/uy, instead('cents')],
  [/½/uy, instead('1/2')],
  [/¼/uy, instead('1/4')],
  [/¾/uy, instead('3/4')],
  [/[#@][\p{L}_][\p{L}\p{N}_]*/uy, asIs],
  // Numbers.
  [/[-+]?\d+:\d+/uy, asIs],
  [/[-+]?\.\d+/uy, asIs],
  [/[-+]?\d+(?:[.,]\d+)+(?:-\p{L}[\p{L}\p{N}-]*)?/uy, asIs],
  [/[-+]\d+(?:\/\d+)?/uy, asIs],
  [/AT&T|[A-Z](?:&[A-Z])+(?![\p{L}\p{N}])/uy, asIs],
  [/c\+\+|[cf]#/iuy, asIs],
];

const PART = String.raw`[\p{L}\p{M}\p{Nd}µ]+(?:_[\p{L}\p{M}\p{Nd}]+)*`;

/** The longest that a word may be: letters and digits, with apostrophes, hyphens, slashes and full stops inside. */
export const LONGEST_WORD = new RegExp(`${PART}(?:['’]${PART})*(?:[-‐‑/]${PART})*`, 'uy');

/** What may follow a word that begins with a letter: a full stop without a space, and a letter. */
export const JOINED_WORD = new RegExp(`(?:[.!?]\\p{L}${PART.replace('+', '*')}(?:-${PART})*)+`, 'uy');

/** What comes after words. */
export const RULES_AFTER_WORDS: readonly Rule[] = [
  [/\.{3,}|…/uy, instead('...')],
  [/-{2,}|[–—―]/uy, instead('--')],
  [/[!?]+|\*+|_+|<<|>>/uy, asIs],
  [/["“”«»‹›]|''|``/uy, instead("''")],
  [/[‘’']/uy, instead("'")],
  [/[()[\]{}]/uy, (match) => [BRACKETS[match]!]],
  [/[‐‑‒]|[\u{10000}-\u{10FFFF}]/uy, instead()],
  [/./suy, asIs],
];
