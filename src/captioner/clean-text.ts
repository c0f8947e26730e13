/** What a line break or a tab is written as. */
const SPACES = /[\t-\r\u0085\u2028\u2029]/g;
/** Other control characters; marks that turn the direction of writing; invisible signs that carry no meaning of their own. */
const INVISIBLE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;
/** Half of a character that needs two UTF-16 units. */
const LONE_SURROGATES = /\p{Surrogate}/gu;

/**
 * A text without characters that act on a terminal or a page instead of being shown: a model's vocabulary is written by
 * whoever made the model. Joiners inside emoji and words stay.
 */
export function cleanText(text: string): string {
  return text.replace(SPACES, ' ').replace(INVISIBLE, '').replace(LONE_SURROGATES, '\uFFFD');
}
