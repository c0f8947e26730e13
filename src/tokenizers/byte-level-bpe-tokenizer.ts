import type { DecodeTextOptions, Tokenizer } from '../core/index.js';
import { createUtf8Decoder, encodeUtf8 } from '../text/utf8.js';
import { AddedTokens } from './added-tokens.js';
import { byteCharacter, tokenBytes } from './byte-alphabet.js';
import { BytePairMerger, type Merges } from './byte-pair-merger.js';
import type { TextPieces } from './text-pieces.js';
import type { AddedToken } from './tokenizer-file.js';

/** The byte of a space, which the end of a word becomes. */
const SPACE = Uint8Array.of(0x20);

/** A byte-level BPE tokenizer's vocabulary and rules. */
export interface ByteLevelBpe {
  /** Every token by id, bytes written as GPT-2 does (`Ġdog`). */
  readonly tokens: readonly string[];
  readonly merges: Merges;
  /** Tokens that are found in a text as they are, before it is divided. */
  readonly added: readonly AddedToken[];
  /** How a text is divided before pairs are merged. */
  readonly pieces: TextPieces;
  /** What the vocabulary writes after the last byte of a piece, such as CLIP's `</w>`; empty if nothing. */
  readonly endOfWord: string;
  /** What a byte becomes that the vocabulary lacks; undefined leaves it out. */
  readonly unknown: number | undefined;
}

/**
 * Byte-level byte-pair encoding as in GPT-2 (Radford 2019, "Language Models are Unsupervised Multitask Learners") and CLIP
 * (Radford et al. 2021): gives the ids that the Python package `tokenizers` gives.
 *
 * Any text can be encoded. A lone surrogate counts as U+FFFD; bytes that are not UTF-8 are decoded as U+FFFD.
 */
export class ByteLevelBpeTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly #definition: ByteLevelBpe;
  readonly #merger: BytePairMerger;
  /** The id of each single byte, if the vocabulary has it. */
  readonly #byteIds: readonly (number | undefined)[];
  /** The same of a byte that ends a piece. */
  readonly #lastByteIds: readonly (number | undefined)[];
  readonly #added: AddedTokens;
  /** Ids that have no text. */
  readonly #special: ReadonlySet<number>;

  constructor(definition: ByteLevelBpe) {
    const { tokens, merges, added } = definition;
    this.vocabularySize = tokens.length;
    this.#definition = definition;
    this.#merger = new BytePairMerger(merges, tokens.length);
    const ids = new Map(tokens.map((token, id) => [token, id]));
    const idsOfBytes = (end: string): readonly (number | undefined)[] =>
      Array.from({ length: 256 }, (_, byte) => ids.get(byteCharacter(byte) + end));
    this.#byteIds = idsOfBytes('');
    this.#lastByteIds = definition.endOfWord === '' ? this.#byteIds : idsOfBytes(definition.endOfWord);
    this.#added = new AddedTokens(added);
    this.#special = new Set(added.filter(({ special }) => special).map(({ id }) => id));
  }

  encode(text: string): number[] {
    const ids: number[] = [];
    for (const part of this.#added.split(text)) {
      if ('tokenId' in part) ids.push(part.tokenId);
      else this.#encodePlain(part.text, ids);
    }
    return ids;
  }

  #encodePlain(text: string, ids: number[]): void {
    const { pieces, unknown } = this.#definition;
    for (const piece of pieces(text)) {
      const word: number[] = [];
      const bytes = encodeUtf8(piece);
      for (const [at, byte] of bytes.entries()) {
        const id = (at === bytes.length - 1 ? this.#lastByteIds : this.#byteIds)[byte] ?? unknown;
        if (id !== undefined) word.push(id);
      }
      for (const id of this.#merger.merge(word)) ids.push(id);
    }
  }

  decode(tokenIds: readonly number[], { isPartial = false }: DecodeTextOptions = {}): string {
    const { tokens, endOfWord } = this.#definition;
    // A byte order mark is text like any other; the bytes of one character may come from several tokens.
    const decoder = createUtf8Decoder({ ignoreBOM: true });
    let text = '';
    for (const id of tokenIds) {
      const token = tokens[id];
      if (token === undefined || this.#special.has(id)) continue;
      const isLast = endOfWord !== '' && token.endsWith(endOfWord);
      const written = isLast ? token.slice(0, -endOfWord.length) : token;
      text += decoder.decode(tokenBytes(written) ?? encodeUtf8(written), { stream: true });
      if (isLast) text += decoder.decode(SPACE, { stream: true });
    }
    if (!isPartial) text += decoder.decode();
    return endOfWord === '' ? text : text.trimEnd();
  }

  token(tokenId: number): string | undefined {
    return this.#definition.tokens[tokenId];
  }
}
