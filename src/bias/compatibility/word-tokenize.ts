/**
 * Where NLTK's `word_tokenize` divides a text, as far as it decides which whole words are there: at white space and brackets,
 * at quotes, at `--`, at commas and colons that no digit follows, at the full stop that ends a sentence, and before a clitic
 * (`'s`). Compounds with a hyphen or a slash stay whole, and so does what follows an opening `'`.
 */
const DIVIDER =
  /\s+|[()[\]{}<>"“”„‘’«»`;@#$%&?!*]|--|\.{2,}|''|[,:](?!\p{Nd})|\.(?=[)\]}>"'»”’]*(?:\s|$))|(?='(?:(?:s|m|d|ll|re|ve)?(?:[\s()[\]{}<>"“”„‘’«»`;@#$%&?!*,:.]|--|$)))/iu;

/**
 * The words of a text as NLTK's `word_tokenize` (Penn Treebank conventions, sentences first) gives them, without punctuation.
 * Used to count as the published code of Hendricks et al. 2018 counts.
 */
export function wordTokenize(text: string): string[] {
  return text.split(DIVIDER).filter((word) => word !== '' && word !== "'");
}
