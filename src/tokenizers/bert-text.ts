import { lowerCase } from './text-pieces.js';

/** What BERT's normalizer does to a text, as the setting of these names in a `tokenizer.json`. */
export interface BertNormalizer {
  /** Control characters go, white space becomes a space. */
  readonly cleanText: boolean;
  /** Spaces around Chinese characters. */
  readonly handleChineseCharacters: boolean;
  readonly stripAccents: boolean;
  readonly lowercase: boolean;
}

const CONTROL = /[\0\uFFFD]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}]/gu;
const WHITE_SPACE = /\p{White_Space}/gu;
/** The blocks that the original counts as Chinese; the gap before U+2B920 is its own. */
const CHINESE =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu;
const ACCENTS = /\p{Mn}/gu;
/** ASCII's signs, all of them, and Unicode's punctuation: each is a word of its own. */
const WORDS = /[!-/:-@[-`{-~\p{P}]|[^!-/:-@[-`{-~\p{P}\p{White_Space}]+/gu;

/** A text as BERT's vocabulary has it (Devlin 2018, `BasicTokenizer`). */
export function normalizeBertText(text: string, settings: BertNormalizer): string {
  let result = text;
  if (settings.cleanText) result = result.replace(CONTROL, '').replace(WHITE_SPACE, ' ');
  if (settings.handleChineseCharacters) result = result.replace(CHINESE, ' $& ');
  if (settings.stripAccents) result = result.normalize('NFD').replace(ACCENTS, '');
  if (settings.lowercase) result = lowerCase(result);
  return result;
}

/** The words and signs of a text, in order. */
export function bertWords(text: string): readonly string[] {
  return text.match(WORDS) ?? [];
}
