/**
 * Text for one line of a terminal: line breaks become spaces, other control characters question marks, as `ls` prints
 * them. So neither a file's name nor a model's words can break a line or move the cursor.
 */
export function oneLine(text: string): string {
  return withoutBreaks(text.trim());
}

/** The same for a piece of such a text, whose white space at either end is part of it. */
export function withoutBreaks(piece: string): string {
  return piece.replace(/\s*[\n\r\t\v\f\u2028\u2029]\s*/g, ' ').replace(/\p{Cc}/gu, '?');
}
