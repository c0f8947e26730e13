/** Divides a text into the pieces within which byte pairs are merged. */
export type TextPieces = (text: string) => string[];

/**
 * GPT-2's division: English contractions; letters, numbers or other signs, each with one space before it; spaces. White space is
 * Unicode's, as in the original; JavaScript's `\s` differs (U+FEFF, U+0085).
 */
const GPT2_PIECE =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** A digit of any script, or another sign for a number. */
const DIGIT = /(\p{N})/u;

/** CLIP's division: English contractions, letters, single digits, other signs. White space only separates. */
const CLIP_PIECE = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu;

/** How GPT-2's division is varied. */
interface Gpt2PiecesOptions {
  /** Whether a space is put before a text that begins without one. */
  readonly addPrefixSpace: boolean;
  /** Whether each digit is a piece of its own, whatever stands before it. */
  readonly isDigitAlone: boolean;
}

/** Pieces as GPT-2, BART and SmolLM have them. */
export function gpt2Pieces({ addPrefixSpace, isDigitAlone }: Gpt2PiecesOptions): TextPieces {
  return (text) => {
    const spans = isDigitAlone ? text.split(DIGIT).filter((span) => span !== '') : [text];
    const spaced = spans.map((span) => (addPrefixSpace && !span.startsWith(' ') ? ` ${span}` : span));
    return spaced.flatMap((span) => span.match(GPT2_PIECE) ?? []);
  };
}

/** Pieces as CLIP has them (Radford et al. 2021): composed (NFC) and in lower case, without white space. */
export const clipPieces: TextPieces = (text) => lowerCase(text.normalize('NFC')).match(CLIP_PIECE) ?? [];

/** A text in lower case, character by character: a final sigma stays like others. */
export function lowerCase(text: string): string {
  let result = '';
  for (const character of text) result += character.toLowerCase();
  return result;
}
