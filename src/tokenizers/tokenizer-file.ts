import { ModelFileError, ModelMismatchError } from '../core/index.js';
import { describeValue } from '../validate/index.js';

export type Json = Readonly<Record<string, unknown>>;

/** A token beside those of the vocabulary, such as `<|endoftext|>`. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Whether it has no text when decoded. */
  readonly special: boolean;
  /** Whether white space before it belongs to it. */
  readonly lstrip: boolean;
}

/** Ids that the format allows; larger ones are no vocabulary's. */
const MAX_ID = 2 ** 24;

/**
 * Reads parts of one `tokenizer.json` of the Hugging Face library `tokenizers`, and says what was expected if one is wrong.
 * Sizes are compared with the model's before anything is built.
 */
export class TokenizerFile {
  readonly root: Json;

  /**
   * @param file the file's name, for messages
   * @param vocabularySize how many tokens the model has; undefined if any number will do
   */
  constructor(
    json: string,
    readonly file: string,
    readonly vocabularySize?: number,
  ) {
    this.root = this.object(this.#parse(json), 'the file');
  }

  error(expected: string, found: unknown, options?: ErrorOptions): ModelFileError {
    const shown =
      found === undefined ? 'nothing' : typeof found === 'string' ? found.slice(0, 60) : describeValue(found);
    const message = `${this.file}: expected ${expected}, found ${shown}. Export the model again, or use a model with such a tokenizer.`;
    return new ModelFileError(this.file, message, options);
  }

  object(value: unknown, name: string): Json {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
    throw this.error(`${name} to be an object`, value);
  }

  list(value: unknown, name: string): readonly unknown[] {
    if (Array.isArray(value)) return value;
    throw this.error(`${name} to be a list`, value);
  }

  id(value: unknown, name: string): number {
    if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < MAX_ID) return value as number;
    throw this.error(`${name} to be a token id`, value);
  }

  /** Checks that settings are left out or have one of the values that are supported. */
  settings(object: Json, name: string, supported: Readonly<Record<string, readonly unknown[]>>): void {
    for (const [key, values] of Object.entries(supported)) {
      const value = object[key];
      if (value === undefined || values.includes(value)) continue;
      const path = name === '' ? key : `${name}.${key}`;
      throw this.error(`${path} to be ${values.map((item) => JSON.stringify(item)).join(' or ')}`, value);
    }
  }

  /** The ids of `model.vocab`. */
  vocabulary(model: Json): Map<string, number> {
    const entries = Object.entries(this.object(model.vocab, 'model.vocab'));
    this.#checkSize(entries.length);
    return new Map(entries.map(([token, id]) => [token, this.id(id, `model.vocab[${JSON.stringify(token)}]`)]));
  }

  addedTokens(): AddedToken[] {
    const items = this.list(this.root.added_tokens ?? [], 'added_tokens');
    this.#checkSize(items.length);
    return items.map((item, index) => {
      const where = `added_tokens[${index}]`;
      const token = this.object(item, where);
      this.settings(token, where, { single_word: [false], lstrip: [false, true], rstrip: [false] });
      const { content } = token;
      if (typeof content !== 'string' || content === '') throw this.error(`${where}.content to be a text`, content);
      const id = this.id(token.id, `${where}.id`);
      return { id, content, special: token.special === true, lstrip: token.lstrip === true };
    });
  }

  /** Every token at its id. A model gives any id below the number of tokens, so none may be missing. */
  byId(ids: ReadonlyMap<string, number>): string[] {
    this.#checkSize(ids.size);
    const tokens: string[] = [];
    for (const [token, id] of ids) {
      if (tokens[id] !== undefined) throw this.error(`a token of its own for id ${id}`, `${tokens[id]} and ${token}`);
      if (id >= ids.size) throw this.error(`a token for each id from 0 to ${ids.size - 1}`, `one with id ${id}`);
      tokens[id] = token;
    }
    return tokens;
  }

  #checkSize(count: number): void {
    if (this.vocabularySize === undefined || count <= this.vocabularySize) return;
    throw new ModelMismatchError(this.file, `${this.vocabularySize} tokens, as the model has`, `${count}`);
  }

  #parse(json: string): unknown {
    try {
      return JSON.parse(json);
    } catch (cause) {
      throw this.error('JSON', 'text that is not', { cause });
    }
  }
}
