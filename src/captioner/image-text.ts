/** Things that people write on, as English captions call them. */
const CARRIERS =
  'signs?|signboards?|billboards?|posters?|banners?|labels?|stickers?|plaques?|placards?|boards?|blackboards?|whiteboards?|screens?|displays?|monitors?|books?|covers?|magazines?|newspapers?|menus?|notes?|letters?|cards?|tickets?|receipts?|envelopes?|packages?|boxes|box|bottles?|cans?|plates?|shirts?|t-shirts?|jerseys?|mugs?|cups?';
/** Such a thing of which nothing is said that could be what stands on it. */
const CARRIER = new RegExp(
  `\\b(?:${CARRIERS})\\b(?!\\s+(?:that|which|reading|saying|says|reads|with (?:the )?(?:words?|writing|text|letters))\\b)(?=$|[,;]|\\s+(?:on|in|at|near|next|above|over|under|behind|beside|against|by|from|hanging|standing|attached|mounted|outside|inside)\\b)`,
  'gi',
);

/** What becomes of an alternative text when the text in the image is added. */
export interface TextWithImageText {
  readonly text: string;
  /** Whether some of the text in the image, or all of it, had no room. */
  readonly isShortened: boolean;
}

/**
 * Adds the text that can be read in an image to its alternative text: after the one thing that it may be written on (`a sign reading
 * 'Exit' on a wall`), else as a sentence of its own (`Text: 'Exit'`). What the caption says already is not said again.
 *
 * @param caption without a full stop
 * @param imageText as the model read it
 * @param language of the caption; only English words are added
 * @param fit shortens a text to whole words that fit into as many characters
 * @param room most characters of the whole
 */
export function addImageText(
  caption: string,
  imageText: string,
  language: string,
  room: number,
  fit: (text: string, maxCharacters: number) => string,
): TextWithImageText {
  const said = imageText.replace(/\s+/gu, ' ').trim();
  if (said === '' || lettersOf(caption).includes(lettersOf(said))) return { text: caption, isShortened: false };
  const [before, after] = /^en\b/i.test(language) ? around(caption) : [sentence(caption), ''];
  const quote = said.includes("'") ? '"' : "'";
  const free = room - lengthOf(before + after) - 2 * quote.length;
  const whole = lengthOf(said) <= free ? said : undefined;
  const cut = whole ?? fit(said, free - ELLIPSIS.length);
  if (cut === '') return { text: caption, isShortened: true };
  const shown = whole === undefined ? cut + ELLIPSIS : cut;
  return { text: before + quote + shown + quote + after, isShortened: whole === undefined };
}

const ELLIPSIS = '…';

/** What stands before and after the text of the image, in English. */
function around(caption: string): [string, string] {
  const carriers = [...caption.matchAll(CARRIER)];
  const [only] = carriers;
  if (only === undefined || carriers.length > 1) return [`${sentence(caption)}Text: `, ''];
  const end = only.index + only[0].length;
  return [`${caption.slice(0, end)} reading `, caption.slice(end)];
}

/** A caption, ended, before another sentence. */
function sentence(caption: string): string {
  return caption === '' ? '' : `${caption}${/[.!?]$/.test(caption) ? '' : '.'} `;
}

/** Letters and digits alone, in lower case, with a space between words, so that `STOP` is found in `a stop sign` and not in `stopped`. */
function lettersOf(text: string): string {
  return ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
}

/** Characters as a reader counts them. */
function lengthOf(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length;
}
