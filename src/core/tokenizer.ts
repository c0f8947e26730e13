/** How token ids become text. */
export interface DecodeTextOptions {
  /**
   * Whether more tokens may follow: a character whose last bytes are still to come is then left out, so that the text of
   * a growing list of ids only grows at its end. Default false: such a character becomes U+FFFD.
   */
  readonly isPartial?: boolean;
}

/** Between text and token ids. Special tokens (start, end, padding) have ids, but no text. */
export interface Tokenizer {
  /** Number of ids; ids run from 0 to `vocabularySize − 1`. */
  readonly vocabularySize: number;
  /** Ids of a text, without start and end; what the vocabulary lacks becomes the unknown token if there is one. */
  encode(text: string): number[];
  /** The text of token ids; special tokens are left out. */
  decode(tokenIds: readonly number[], options?: DecodeTextOptions): string;
  /** The token itself as the vocabulary writes it, such as `dog` or `Ġdog`; undefined for an id outside it. */
  token(tokenId: number): string | undefined;
}
