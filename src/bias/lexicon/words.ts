/** A word of a text: a hyphenated compound counts as one. */
export interface TextWord {
  /** The word, without a possessive ending or another clitic; apostrophes are straight. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Letters, digits and combining marks; single apostrophes and hyphens inside. */
const WORD = /[\p{L}\p{N}\p{M}]+(?:['’‘‐‑-][\p{L}\p{N}\p{M}]+)*/gu;
/** `'s` (of a possessive, or short for `is`), `'d`, `'ll`. */
const CLITIC = /['’‘](?:s|d|ll)$/iu;
const HYPHEN = /[‐‑-]/u;

/** The words of a text with their places; `'s`, `'d` and `'ll` are no part of a word, nor is the apostrophe after a plural. */
export function textWords(text: string): TextWord[] {
  return Array.from(text.matchAll(WORD), ({ 0: found, index }) => {
    const word = found.replace(CLITIC, '');
    return { text: normalizeWord(word), start: index, end: index + word.length };
  });
}

/** One spelling for each apostrophe, hyphen and accented letter. */
export function normalizeWord(word: string): string {
  return word.replace(/[’‘]/gu, "'").replace(/[‐‑]/gu, '-').normalize('NFC');
}

/** The parts of a hyphenated compound with their places; the word itself if it is none. */
export function compoundParts(word: TextWord): TextWord[] {
  let start = word.start;
  return word.text.split(HYPHEN).map((text) => {
    const part = { text, start, end: start + text.length };
    start = part.end + 1;
    return part;
  });
}
