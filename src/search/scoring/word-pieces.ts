import type { Tokenizer } from '../../core/index.js';

/** What a token adds to a text. */
export interface WordPiece {
  /** In lower case, without the space before it; '' for a token without text. */
  readonly text: string;
  /** Whether it begins a word even if text stands before it. */
  readonly startsWord: boolean;
}

const NO_TEXT: WordPiece = { text: '', startsWord: false };

/** Vocabularies that were looked through once; a tokenizer does not change. */
const KNOWN = new WeakMap<Tokenizer, WordPieces>();

/** The pieces of a tokenizer. */
export function wordPiecesOf(tokenizer: Tokenizer): WordPieces {
  const known = KNOWN.get(tokenizer);
  if (known) return known;
  const pieces = new WordPieces(tokenizer);
  KNOWN.set(tokenizer, pieces);
  return pieces;
}

/**
 * How the tokens of a vocabulary make words, from what the tokenizer decodes: a word begins where white space stands before a
 * token's text, so a token of a word map is a word, `Ġdog` begins one and `board` or `##board` continues it.
 */
export class WordPieces {
  readonly #tokenizer: Tokenizer;
  readonly #pieces: (WordPiece | undefined)[] = [];
  readonly #spellings = new Map<string, readonly (readonly number[])[]>();
  /** A token with text, after which others are decoded, and its text. */
  #anchor: { readonly tokenId: number; readonly text: string } | undefined;
  #continuing: boolean | undefined;

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  /** Whether there are tokens that continue a word. */
  get hasContinuations(): boolean {
    return (this.#continuing ??= this.#findContinuation());
  }

  /** Looks for what a rule of the search asks for first, which takes as long as some steps of a search. */
  lookThrough(): void {
    this.#continuing ??= this.#findContinuation();
  }

  piece(tokenId: number): WordPiece {
    return (this.#pieces[tokenId] ??= this.#read(tokenId));
  }

  /** Whether a word before this token continues with it. Punctuation ends a word. */
  continuesWord(tokenId: number): boolean {
    const { text, startsWord } = this.piece(tokenId);
    return !startsWord && /^[\p{L}\p{N}\p{Co}]/u.test(text);
  }

  /**
   * The tokens by which a word may come again inside a text: as they are, or, if they stand at its start or with a capital, as
   * the tokenizer encodes the word after a space.
   */
  spellings(tokenIds: readonly number[]): readonly (readonly number[])[] {
    const key = tokenIds.join(' ');
    const known = this.#spellings.get(key);
    if (known) return known;
    const { startsWord } = this.piece(tokenIds[0] as number);
    const text = this.#tokenizer.decode(tokenIds).trim();
    const lower = text.toLowerCase();
    const encoded = startsWord && text === lower ? [] : [text, lower].map((word) => this.#tokenizer.encode(` ${word}`));
    const spellings = startsWord ? [tokenIds, ...encoded] : encoded;
    this.#spellings.set(key, spellings);
    return spellings;
  }

  #findContinuation(): boolean {
    return this.#allIds().some((tokenId) => this.continuesWord(tokenId));
  }

  #allIds(): number[] {
    return Array.from({ length: this.#tokenizer.vocabularySize }, (_, tokenId) => tokenId);
  }

  #read(tokenId: number): WordPiece {
    this.#anchor ??= this.#findAnchor();
    if (this.#anchor === undefined) return NO_TEXT;
    const { tokenId: anchor, text } = this.#anchor;
    const after = this.#tokenizer.decode([anchor, tokenId]).slice(text.length);
    const trimmed = after.trimStart();
    // Bytes that are no character alone could be those of any: a private-use character and the id tell them apart.
    const isWhole = !trimmed.includes('\uFFFD');
    return {
      text: isWhole ? trimmed.toLowerCase() : `\uE000${tokenId} `,
      startsWord: trimmed.length < after.length,
    };
  }

  #findAnchor(): { readonly tokenId: number; readonly text: string } | undefined {
    for (const tokenId of this.#allIds()) {
      const text = this.#tokenizer.decode([tokenId]);
      if (/^[\p{L}\p{N}]+$/u.test(text)) return { tokenId, text };
    }
    return undefined;
  }
}
