import type { DecodeTextOptions, Tokenizer } from '../core/index.js';
import { AddedTokens } from './added-tokens.js';
import { type BertNormalizer, bertWords, normalizeBertText } from './bert-text.js';
import type { AddedToken } from './tokenizer-file.js';

/** A WordPiece tokenizer's vocabulary and rules. */
export interface WordPiece {
  /** Every token by id. */
  readonly tokens: readonly string[];
  readonly added: readonly AddedToken[];
  readonly normalizer: BertNormalizer;
  /** What stands before a piece that continues a word, usually `##`. */
  readonly continuation: string;
  /** A word of more characters is unknown. */
  readonly maxCharactersPerWord: number;
  /** What a word becomes that the vocabulary cannot make. */
  readonly unknown: number;
  /** How tokens become a text. Default: as the decoder `WordPiece` of `tokenizers` does it. */
  readonly decoding?: WordPieceDecoding;
}

/** How tokens become a text. */
export interface WordPieceDecoding {
  /** Whether the spaces that {@link CLEAN_UP} names are removed in each token by itself. */
  readonly cleansUp: boolean;
  /** Replaced in the whole text afterwards, one after the other, as `clean_up_tokenization_spaces` of transformers does it. */
  readonly replacements: readonly Replacement[];
}

/** A text, everywhere it occurs, and what takes its place. */
export type Replacement = readonly [from: string, to: string];

/** What decoding takes away before signs and English contractions, in this order, in each token by itself. */
const CLEAN_UP = [' .', ' ?', ' !', ' ,', " n't", " 'm", " 's", " 've", " 're"] as const;

/**
 * WordPiece as in BERT (Devlin 2018, https://arxiv.org/abs/1810.04805): of each word the longest piece in the vocabulary, then
 * the longest of what is left. Gives the ids and texts that the Python package `tokenizers` gives.
 */
export class WordPieceTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly #definition: WordPiece;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #added: AddedTokens;
  readonly #special: ReadonlySet<number>;
  readonly #decoding: WordPieceDecoding;

  constructor(definition: WordPiece) {
    const { tokens, added } = definition;
    this.vocabularySize = tokens.length;
    this.#definition = definition;
    this.#decoding = definition.decoding ?? { cleansUp: true, replacements: [] };
    this.#ids = new Map(tokens.map((token, id) => [token, id]));
    this.#added = new AddedTokens(added);
    this.#special = new Set(added.filter(({ special }) => special).map(({ id }) => id));
  }

  encode(text: string): number[] {
    const ids: number[] = [];
    for (const part of this.#added.split(text.replace(/\p{Surrogate}/gu, '\uFFFD'))) {
      if ('tokenId' in part) ids.push(part.tokenId);
      else {
        const words = bertWords(normalizeBertText(part.text, this.#definition.normalizer));
        for (const word of words) ids.push(...this.#pieces(word));
      }
    }
    return ids;
  }

  /** The pieces of a word; the unknown token alone if any part of it has none. */
  #pieces(word: string): number[] {
    const { continuation, maxCharactersPerWord, unknown } = this.#definition;
    const characters = Array.from(word);
    if (characters.length > maxCharactersPerWord) return [unknown];
    const ids: number[] = [];
    for (let from = 0; from < characters.length;) {
      let to = characters.length;
      let id: number | undefined;
      for (; to > from && id === undefined; to--) {
        id = this.#ids.get((from > 0 ? continuation : '') + characters.slice(from, to).join(''));
      }
      if (id === undefined) return [unknown];
      ids.push(id);
      from = to + 1;
    }
    return ids;
  }

  decode(tokenIds: readonly number[], { isPartial = false }: DecodeTextOptions = {}): string {
    const { replacements } = this.#decoding;
    let text = this.#join(tokenIds);
    for (const [from, to] of replacements) text = text.replaceAll(from, to);
    return isPartial ? settled(text, replacements) : text;
  }

  #join(tokenIds: readonly number[]): string {
    let text = '';
    let isFirst = true;
    for (const id of tokenIds) {
      const token = this.#definition.tokens[id];
      if (token === undefined || this.#special.has(id)) continue;
      text += this.#decodeToken(token, isFirst);
      isFirst = false;
    }
    return text;
  }

  #decodeToken(token: string, isFirst: boolean): string {
    const { continuation } = this.#definition;
    let text = token;
    if (!isFirst) text = token.startsWith(continuation) ? token.slice(continuation.length) : ` ${token}`;
    if (!this.#decoding.cleansUp) return text;
    for (const spaced of CLEAN_UP) text = text.replaceAll(spaced, spaced.slice(1));
    return text;
  }

  token(tokenId: number): string | undefined {
    return this.#definition.tokens[tokenId];
  }
}

/** A text without the end that more text may still change: beginnings of what is replaced. */
function settled(text: string, replacements: readonly Replacement[]): string {
  let rest = text;
  for (let open = openEnd(rest, replacements); open > 0; open = openEnd(rest, replacements))
    rest = rest.slice(0, -open);
  return rest;
}

/** How many characters at the end of a text are the beginning of one that is replaced. */
function openEnd(text: string, replacements: readonly Replacement[]): number {
  let longest = 0;
  for (const [from] of replacements) {
    for (let length = from.length - 1; length > longest; length--) {
      if (text.endsWith(from.slice(0, length))) longest = length;
    }
  }
  return longest;
}
