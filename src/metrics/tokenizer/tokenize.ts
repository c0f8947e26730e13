import { ABBREVIATIONS, APOSTROPHE_WORDS, ASSIMILATIONS } from './word-lists.js';

/** Punctuation that is left out: pycocoevalcap's list. */
const DROPPED = new Set(["''", "'", '``', '`', '.', '?', '!', ',', ':', '-', '--', '...', ';']);

/** Pieces of text between spaces recur; so many are remembered. */
const MAX_REMEMBERED = 20_000;
const remembered = new Map<string, readonly string[]>();

/**
 * The tokens of a caption, as captions are compared: in lower case, without punctuation, contractions split (`don't` → `do`,
 * `n't`; `dog's` → `dog`, `'s`), hyphenated words whole. The rules are those of the Penn Treebank, as pycocoevalcap's tokenizer
 * (Stanford's PTBTokenizer, then a list of punctuation that is left out) applies them. Use the same tokenizer for candidates
 * and references, and name it beside a score.
 *
 * @example tokenize("A man's dog doesn't bark.") // ['a', 'man', "'s", 'dog', 'does', "n't", 'bark']
 */
export function tokenize(caption: string): string[] {
  const tokens: string[] = [];
  for (const piece of caption.split(/[\s\u200B\uFEFF]+/u)) {
    if (piece === '') continue;
    for (const token of tokensOf(piece)) tokens.push(token);
  }
  return tokens;
}

function tokensOf(piece: string): readonly string[] {
  const known = remembered.get(piece);
  if (known) return known;
  const tokens = [...split(piece)].filter((token) => !DROPPED.has(token));
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(piece, tokens);
  return tokens;
}

type Rule = readonly [pattern: RegExp, tokens: (match: string) => readonly string[]];

const asIs = (match: string): string[] => [match.toLowerCase()];
const instead =
  (...tokens: string[]) =>
  (): string[] =>
    tokens;

const WORD = String.raw`[\p{L}\p{M}\p{N}_]+`;

/** The first that matches at a place counts. */
const RULES: readonly Rule[] = [
  [/<[/!?]?\p{L}[^<>]*>/uy, asIs],
  [/&(?:quot|#34);/uy, instead("''")],
  [/&amp;/uy, instead('&')],
  [/&lt;/uy, instead('<')],
  [/&gt;/uy, instead('>')],
  [/&nbsp;/uy, instead()],
  [/https?:\/\/[^\s"<>()]*[^\s"<>().,;:!?-]/uy, asIs],
  [/[\p{L}\p{N}_.+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/uy, asIs],
  [/[<>]?[:;=][-o*']?[()DPdpOo\\{@|[\]]/uy, (match) => [brackets(match.toLowerCase())]],
  [/\^_\^/uy, asIs],
  [/'(?:\d\ds?(?![\p{L}\p{N}])|(?:em|til|cause)(?!\p{L})|n'?(?!\p{L}))/iuy, asIs],
  [/'(?:tis|twas)(?!\p{L})/iuy, (match) => [match.slice(0, 2).toLowerCase(), match.slice(2).toLowerCase()]],
  [/'(?:s|m|d|ll|ve|re)(?![\p{L}\p{N}])/iuy, asIs],
  [/(?:\p{L}\.)+\p{L}(?![\p{L}\p{N}.])|(?:\p{L}\.)+(?!\p{L}{2})|Ph\.D\.?/iuy, asIs],
  [/[acu]?us\$|[ac]\$/iuy, asIs],
  [/[$€]/uy, instead('$')],
  [/£/uy, instead('#')],
  [/¢/uy, instead('cents')],
  [/½/uy, instead('1/2')],
  [/¼/uy, instead('1/4')],
  [/¾/uy, instead('3/4')],
  [/[#@][\p{L}_][\p{L}\p{N}_]*/uy, asIs],
  [/\d+:\d+/uy, asIs],
  [/[-+]?\d*\.\d+(?:\.\d+)*/uy, asIs],
  [/[-+]?\d+(?:[.,]\d+)+/uy, asIs],
  [/[ACRQHBPMQ](?:&[A-Z])+(?![\p{L}\p{N}])|AT&T/uy, asIs],
  [/c\+\+|[cf]#/iuy, asIs],
  [/[-+]\d+/uy, asIs],
  [/[wc]\/o(?![\p{L}\p{N}])|a\/c(?![\p{L}\p{N}])/iuy, asIs],
  [new RegExp(`${WORD}(?:'${WORD})*(?:[-/]${WORD})*(?:\\.\\p{L}+)*`, 'uy'), word],
  [/\.{3,}|…/uy, instead('...')],
  [/-{2,}|[–—―]/uy, instead('--')],
  [/[!?]+/uy, asIs],
  [/\*+|_+/uy, asIs],
  [/[“"«]|''|``/uy, instead("''")],
  [/[”»]/uy, instead("''")],
  [/[‘’']/uy, instead("'")],
  [/[()[\]{}]/uy, (match) => [brackets(match)]],
  [/[‐‑‒\u00AD]/uy, instead()],
  [/[\u{10000}-\u{10FFFF}]/uy, instead()],
  [/./suy, asIs],
];

/** One piece of text without spaces. */
function* split(piece: string): Generator<string> {
  let at = 0;
  // A typographic apostrophe between letters is an apostrophe.
  const text = piece.replace(/(?<=[\p{L}\p{N}])’(?=\p{L})/gu, "'").replaceAll('\u00AD', '');
  while (at < text.length) {
    for (const [pattern, tokens] of RULES) {
      pattern.lastIndex = at;
      const match = pattern.exec(text)?.[0];
      if (!match) continue;
      const taken = pattern === WORD_RULE ? wordEnd(text, at, match) : match;
      yield* tokens(taken);
      at += taken.length;
      break;
    }
  }
}

/** A word's tokens: without its contraction, and parted if it is two words. */
function word(match: string): readonly string[] {
  const text = match.toLowerCase();
  const parted = ASSIMILATIONS.get(text);
  if (parted !== undefined) return [text.slice(0, parted), text.slice(parted)];
  if (/^.+n't$/u.test(text)) return [text.slice(0, -3), "n't"];
  return [text];
}

/** What a match of the longest possible word really takes: it may end before a contraction. */
function wordEnd(text: string, at: number, match: string): string {
  const parts = /^([^'/.-]+)'([^'/.-]+)/u.exec(match);
  if (/^[a-z]+\.?$/iu.test(match) && ABBREVIATIONS.has(match.toLowerCase()) && text[at + match.length] === '.') {
    return `${match}.`;
  }
  if (!match.includes("'")) return match;
  if (APOSTROPHE_WORDS.has(match.toLowerCase()) || /^[dlojc]'\p{L}/iu.test(match)) return match;
  const contraction = /^(.+?)(n't|'(?:s|m|d|ll|ve|re))(?![\p{L}\p{N}])/iu.exec(match);
  if (contraction) return contraction[2]!.toLowerCase() === "n't" ? contraction[0] : contraction[1]!;
  return parts ? parts[1]! : match.slice(0, match.indexOf("'"));
}

const WORD_RULE = RULES.find(([, tokens]) => tokens === word)![0];

function brackets(text: string): string {
  return text.replace(/[()[\]{}]/gu, (bracket) => BRACKETS[bracket]!);
}

const BRACKETS: Record<string, string> = {
  '(': '-lrb-',
  ')': '-rrb-',
  '[': '-lsb-',
  ']': '-rsb-',
  '{': '-lcb-',
  '}': '-rcb-',
};
