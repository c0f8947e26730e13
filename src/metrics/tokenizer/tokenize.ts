import { JOINED_WORD, LONGEST_WORD, type Rule, RULES_AFTER_WORDS, RULES_BEFORE_WORDS } from './rules.js';
import {
  ABBREVIATIONS,
  APOSTROPHE_WORDS,
  ASSIMILATIONS,
  CAPITAL_ABBREVIATIONS,
  NUMBER_ABBREVIATIONS,
} from './word-lists.js';

/** Punctuation that is left out: pycocoevalcap's list. */
const DROPPED = new Set(["''", "'", '``', '`', '.', '?', '!', ',', ':', '-', '--', '...', ';']);

/** Pieces of text between spaces recur; so many are remembered. */
const MAX_REMEMBERED = 20_000;
const remembered = new Map<string, readonly string[]>();

/**
 * The tokens of a caption, as captions are compared: in lower case, without punctuation, contractions split (`don't` → `do`,
 * `n't`; `dog's` → `dog`, `'s`), hyphenated words whole. The rules are those of the Penn Treebank, as pycocoevalcap's tokenizer
 * (Stanford's PTBTokenizer 3.4.1, then a list of punctuation that is left out) applies them to English. Use the same tokenizer
 * for candidates and references, and name it beside a score.
 *
 * @example tokenize("A man's dog doesn't bark.") // ['a', 'man', "'s", 'dog', 'does', "n't", 'bark']
 */
export function tokenize(caption: string): string[] {
  const tokens: string[] = [];
  const pieces = caption.split(/[\s\u200B]+/u);
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i]!;
    if (piece === '') continue;
    if (isNumberAbbreviation(piece, pieces[i + 1])) tokens.push(piece.toLowerCase());
    else for (const token of tokensOf(piece)) tokens.push(token);
  }
  return tokens;
}

function isNumberAbbreviation(piece: string, next: string | undefined): boolean {
  if (!piece.endsWith('.') || !next || !/^\d/u.test(next)) return false;
  return NUMBER_ABBREVIATIONS.has(piece.slice(0, -1).toLowerCase());
}

function tokensOf(piece: string): readonly string[] {
  const known = remembered.get(piece);
  if (known) return known;
  const tokens = [...split(piece)].filter((token) => !DROPPED.has(token));
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(piece, tokens);
  return tokens;
}

/** All tokens of a piece of text without spaces. */
function* split(piece: string): Generator<string> {
  const text = piece
    .replaceAll('\u00AD', '')
    .replaceAll('&apos;', "'")
    .replace(/(?<=\p{L})’(?=(?:s|m|d|ll|ve|re)(?!\p{L}))|(?<=n)’(?=t(?!\p{L}))/giu, "'");
  let at = 0;
  while (at < text.length) {
    const [length, tokens] =
      apply(RULES_BEFORE_WORDS, text, at) ?? word(text, at) ?? apply(RULES_AFTER_WORDS, text, at)!;
    yield* tokens;
    at += length;
  }
}

type Found = readonly [length: number, tokens: readonly string[]];

function apply(rules: readonly Rule[], text: string, at: number): Found | undefined {
  for (const [pattern, tokens] of rules) {
    const found = matchAt(pattern, text, at);
    if (found) return [found.length, tokens(found)];
  }
  return undefined;
}

function matchAt(sticky: RegExp, text: string, at: number): string | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0];
}

function word(text: string, at: number): Found | undefined {
  const longest = matchAt(LONGEST_WORD, text, at);
  if (!longest) return undefined;
  const lower = longest.toLowerCase();
  const next = text[at + longest.length];
  if (next === '.' && isAbbreviation(longest, lower, text[at + longest.length + 1])) {
    return [longest.length + 1, [`${lower}.`]];
  }
  if (APOSTROPHE_WORDS.has(lower)) return [longest.length, [lower]];
  const end = apostropheEnd(longest);
  if (end !== undefined) return [end, wordTokens(lower.slice(0, end))];
  const joined = /^\p{L}/u.test(longest) ? (matchAt(JOINED_WORD, text, at + longest.length) ?? '') : '';
  if (joined !== '') return [longest.length + joined.length, [lower + joined.toLowerCase()]];
  return [longest.length, wordTokens(lower)];
}

function isAbbreviation(longest: string, lower: string, after: string | undefined): boolean {
  if (after !== undefined && /\p{L}/u.test(after)) return false;
  if (after !== undefined && /\d/u.test(after) && NUMBER_ABBREVIATIONS.has(lower)) return true;
  return ABBREVIATIONS.has(lower) || (longest !== lower && CAPITAL_ABBREVIATIONS.has(lower));
}

/** Where a word with an apostrophe ends: before the contraction, after `n't`, or before any other apostrophe. */
function apostropheEnd(longest: string): number | undefined {
  const first = longest.indexOf("'");
  if (first === -1) return undefined;
  const contraction = /^(.+?)(?:(n't)|'(?:s|m|d|ll|ve|re))(?![\p{L}\p{N}])/iu.exec(longest);
  if (contraction) return contraction[2] ? contraction[0].length : contraction[1]!.length;
  // Names and French articles: O'Brien, d'Arcy, l'Oréal.
  if (/^[dlo]'\p{L}/iu.test(longest)) return longest.length;
  return first;
}

/** Splits a word that stands for two. */
function wordTokens(lower: string): readonly string[] {
  const parted = ASSIMILATIONS.get(lower) ?? (/.n't$/u.test(lower) ? lower.length - 3 : undefined);
  return parted === undefined ? [lower] : [lower.slice(0, parted), lower.slice(parted)];
}
