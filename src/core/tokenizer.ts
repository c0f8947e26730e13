/** Between text and token ids. Special tokens (start, end, padding) have ids, but no text. */
export interface Tokenizer {
  /** Number of ids; ids run from 0 to `vocabularySize − 1`. */
  readonly vocabularySize: number;
  /** Ids of a text, without start and end; what the vocabulary lacks becomes the unknown token where there is one. */
  encode(text: string): number[];
  /** The text of token ids; special tokens are left out. */
  decode(tokenIds: readonly number[]): string;
  /** The token itself as the vocabulary writes it, such as `dog` or `Ġdog`; undefined for an id outside it. */
  token(tokenId: number): string | undefined;
}
