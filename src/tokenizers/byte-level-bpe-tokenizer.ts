import type { DecodeTextOptions, Tokenizer } from '../core/index.js';
import { createUtf8Decoder, encodeUtf8 } from '../text/utf8.js';
import { AddedTokens } from './added-tokens.js';
import { byteCharacter, tokenBytes } from './byte-alphabet.js';
import { BytePairMerger, type Merges } from './byte-pair-merger.js';
import type { AddedToken } from './tokenizer-file.js';

/**
 * GPT-2's division of text before byte pairs are merged: English contractions; letters, numbers or other signs, each with
 * one space before it; spaces. White space is Unicode's, as in the original; JavaScript's `\s` differs (U+FEFF, U+0085).
 */
const PIECE =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** A digit of any script, or another sign for a number. */
const DIGIT = /(\p{N})/u;

/** A byte-level BPE tokenizer's vocabulary and rules. */
export interface ByteLevelBpe {
  /** Every token by id, bytes written as GPT-2 does (`Ġdog`). */
  readonly tokens: readonly string[];
  readonly merges: Merges;
  /** Tokens that are found in a text as they are, before it is divided. */
  readonly added: readonly AddedToken[];
  /** Whether a space is put before a text that begins without one. */
  readonly addPrefixSpace: boolean;
  /** Whether each digit is a piece of its own, whatever stands before it. */
  readonly isDigitAlone: boolean;
  /** What a byte becomes that the vocabulary lacks; undefined leaves it out. */
  readonly unknown: number | undefined;
}

/**
 * Byte-level byte-pair encoding as in GPT-2 (Radford 2019, "Language Models are Unsupervised Multitask Learners"): gives the
 * ids that the Python package `tokenizers` gives.
 *
 * Any text can be encoded. A lone surrogate counts as U+FFFD; bytes that are not UTF-8 are decoded as U+FFFD.
 */
export class ByteLevelBpeTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly #definition: ByteLevelBpe;
  readonly #merger: BytePairMerger;
  /** The id of each single byte, if the vocabulary has it. */
  readonly #byteIds: readonly (number | undefined)[];
  readonly #added: AddedTokens;
  /** Ids that have no text. */
  readonly #special: ReadonlySet<number>;

  constructor(definition: ByteLevelBpe) {
    const { tokens, merges, added } = definition;
    this.vocabularySize = tokens.length;
    this.#definition = definition;
    this.#merger = new BytePairMerger(merges, tokens.length);
    const ids = new Map(tokens.map((token, id) => [token, id]));
    this.#byteIds = Array.from({ length: 256 }, (_, byte) => ids.get(byteCharacter(byte)));
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
    const { addPrefixSpace, isDigitAlone, unknown } = this.#definition;
    const spans = isDigitAlone ? text.split(DIGIT).filter((span) => span !== '') : [text];
    const spaced = spans.map((span) => (addPrefixSpace && !span.startsWith(' ') ? ` ${span}` : span));
    for (const [piece] of spaced.flatMap((span) => [...span.matchAll(PIECE)])) {
      const bytes: number[] = [];
      for (const byte of encodeUtf8(piece)) {
        const id = this.#byteIds[byte] ?? unknown;
        if (id !== undefined) bytes.push(id);
      }
      for (const id of this.#merger.merge(bytes)) ids.push(id);
    }
  }

  decode(tokenIds: readonly number[], { isPartial = false }: DecodeTextOptions = {}): string {
    // A byte order mark is text like any other; the bytes of one character may come from several tokens.
    const decoder = createUtf8Decoder({ ignoreBOM: true });
    let text = '';
    for (const id of tokenIds) {
      const token = this.#definition.tokens[id];
      if (token === undefined || this.#special.has(id)) continue;
      text += decoder.decode(tokenBytes(token) ?? encodeUtf8(token), { stream: true });
    }
    return isPartial ? text : text + decoder.decode();
  }

  token(tokenId: number): string | undefined {
    return this.#definition.tokens[tokenId];
  }
}
