import { ModelFileError } from '../core/index.js';
import type { ByteLevelBpe } from './byte-level-bpe-tokenizer.js';
import { MERGE_SIZE, type Merges } from './byte-pair-merger.js';

type Json = Readonly<Record<string, unknown>>;

/** A token beside the merged ones, such as `<|endoftext|>`. */
interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
}

/** Settings of the format that would change ids and that this tokenizer does not have: those that leave them alone. */
const MODEL_SETTINGS: Readonly<Record<string, readonly unknown[]>> = {
  type: ['BPE'],
  dropout: [null, 0],
  continuing_subword_prefix: [null, ''],
  end_of_word_suffix: [null, ''],
  fuse_unk: [false],
  byte_fallback: [false],
  ignore_merges: [false],
};
const ADDED_SETTINGS = { single_word: [false], lstrip: [false], rstrip: [false] } as const;

/**
 * Reads a `tokenizer.json` of the Hugging Face library `tokenizers` whose model is byte-level BPE: `model.vocab`,
 * `model.merges` (each a string or a pair), `added_tokens`, and the `ByteLevel` pre-tokenizer with its `add_prefix_space`.
 * What adds tokens around a text, cuts or pads it (`post_processor`, `truncation`, `padding`) is no matter of the ids.
 *
 * @param file the file's name, for messages
 * @throws ModelFileError which names what is missing, or a setting that would give other ids
 */
export function readByteLevelBpe(json: string, file: string): ByteLevelBpe {
  const reader = new TokenizerFile(file);
  const root = reader.object(reader.parse(json), 'the file');
  const model = reader.object(root.model, 'model');
  reader.settings(model, 'model', MODEL_SETTINGS);
  reader.settings(root, '', { normalizer: [null] });
  const preTokenizer = reader.object(root.pre_tokenizer, 'pre_tokenizer');
  if (preTokenizer.type !== 'ByteLevel') throw reader.error('pre_tokenizer.type to be "ByteLevel"', preTokenizer.type);
  reader.settings(preTokenizer, 'pre_tokenizer', { use_regex: [true], add_prefix_space: [true, false] });
  const ids = readVocabulary(model, reader);
  const added = readAdded(root, reader);
  for (const { content, id } of added) ids.set(content, id);
  return {
    tokens: byId(ids, reader),
    merges: readMerges(model, ids, reader),
    added: new Map(added.map(({ content, id }) => [content, id])),
    special: new Set(added.filter(({ special }) => special).map(({ id }) => id)),
    addPrefixSpace: preTokenizer.add_prefix_space !== false,
    unknown: typeof model.unk_token === 'string' ? ids.get(model.unk_token) : undefined,
  };
}

function readVocabulary(model: Json, reader: TokenizerFile): Map<string, number> {
  const vocabulary = Object.entries(reader.object(model.vocab, 'model.vocab'));
  return new Map(vocabulary.map(([token, id]) => [token, reader.id(id, `model.vocab[${JSON.stringify(token)}]`)]));
}

function readAdded(root: Json, reader: TokenizerFile): AddedToken[] {
  return reader.list(root.added_tokens ?? [], 'added_tokens').map((item, index) => {
    const where = `added_tokens[${index}]`;
    const token = reader.object(item, where);
    reader.settings(token, where, ADDED_SETTINGS);
    const { content } = token;
    if (typeof content !== 'string' || content === '') throw reader.error(`${where}.content to be a text`, content);
    return { id: reader.id(token.id, `${where}.id`), content, special: token.special === true };
  });
}

function readMerges(model: Json, ids: ReadonlyMap<string, number>, reader: TokenizerFile): Merges {
  const items = reader.list(model.merges, 'model.merges');
  const merges = new Int32Array(items.length * MERGE_SIZE);
  items.forEach((item, rank) => {
    const pair: readonly unknown[] = typeof item === 'string' ? item.split(' ') : reader.list(item, 'model.merges[…]');
    const [left, right] = pair.map((part) => ids.get(String(part)));
    const merged = ids.get(pair.join(''));
    if (pair.length !== 2 || left === undefined || right === undefined || merged === undefined) {
      throw reader.error(`model.merges[${rank}] to be two tokens of the vocabulary that together are a third`, item);
    }
    merges.set([left, right, merged], rank * MERGE_SIZE);
  });
  return merges;
}

/** Every token at its id. A model gives any id below the number of tokens, so none may be missing. */
function byId(ids: ReadonlyMap<string, number>, reader: TokenizerFile): string[] {
  const tokens: string[] = [];
  for (const [token, id] of ids) {
    if (tokens[id] !== undefined) throw reader.error(`a token of its own for id ${id}`, `${tokens[id]} and ${token}`);
    tokens[id] = token;
  }
  const gap = Array.from(tokens, (token) => token).findIndex((token) => (token as string | undefined) === undefined);
  if (gap !== -1) throw reader.error(`a token for each id from 0 to ${tokens.length - 1}`, `none for ${gap}`);
  return tokens;
}

/** Reads parts of one tokenizer file and says, where one is wrong, what was expected. */
class TokenizerFile {
  constructor(private readonly file: string) {}

  error(expected: string, found: unknown, options?: ErrorOptions): ModelFileError {
    const shown = typeof found === 'string' ? found : (JSON.stringify(found) as string | undefined);
    const message = `${this.file}: expected ${expected}, found ${shown?.slice(0, 60) ?? 'nothing'}. Export or download the model again.`;
    return new ModelFileError(this.file, message, options);
  }

  parse(json: string): unknown {
    try {
      return JSON.parse(json);
    } catch (cause) {
      throw this.error('JSON', 'text that is not', { cause });
    }
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
    if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 24) return value as number;
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
}
