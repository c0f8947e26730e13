import { type ModelFileError } from '../core/index.js';
import type { ByteLevelBpe } from './byte-level-bpe-tokenizer.js';
import { MERGE_SIZE, type Merges } from './byte-pair-merger.js';
import { type Json, TokenizerFile } from './tokenizer-file.js';

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

/**
 * Reads a `tokenizer.json` of the Hugging Face library `tokenizers` whose model is byte-level BPE, as GPT-2, BART and SmolLM
 * have it: `model.vocab`, `model.merges` (each a string or a pair), `added_tokens`, and the `ByteLevel` pre-tokenizer with its
 * `add_prefix_space`, alone or after `Digits`. What adds tokens around a text, cuts or pads it (`post_processor`,
 * `truncation`, `padding`) does not change the ids and is ignored.
 *
 * @param file the file's name, for messages
 * @param vocabularySize how many tokens the model has
 * @throws ModelFileError which names what is missing, or a setting that would give other ids; ModelMismatchError if the file
 *   has more tokens than the model
 */
export function readByteLevelBpe(json: string, file: string, vocabularySize?: number): ByteLevelBpe {
  const reader = new TokenizerFile(json, file, vocabularySize);
  const { root } = reader;
  const model = reader.object(root.model, 'model');
  reader.settings(model, 'model', MODEL_SETTINGS);
  reader.settings(root, '', { normalizer: [null] });
  const { isDigitAlone, byteLevel } = readPreTokenizers(reader);
  const ids = reader.vocabulary(model);
  const added = reader.addedTokens();
  for (const { content, id } of added) ids.set(content, id);
  return {
    tokens: reader.byId(ids),
    merges: readMerges(model, ids, reader),
    added,
    addPrefixSpace: byteLevel.add_prefix_space !== false,
    isDigitAlone,
    unknown: typeof model.unk_token === 'string' ? ids.get(model.unk_token) : undefined,
  };
}

/** How a text is divided before pairs are merged: `ByteLevel`, or `Digits` and then `ByteLevel`. */
function readPreTokenizers(reader: TokenizerFile): { readonly isDigitAlone: boolean; readonly byteLevel: Json } {
  const outer = reader.object(reader.root.pre_tokenizer, 'pre_tokenizer');
  const isSequence = outer.type === 'Sequence';
  const listed = isSequence ? reader.list(outer.pretokenizers, 'pre_tokenizer.pretokenizers') : [outer];
  const steps = listed.map((step) => reader.object(step, 'pre_tokenizer.pretokenizers[…]'));
  const [first, second] = steps;
  const digits = isSequence && first?.type === 'Digits' ? first : undefined;
  const byteLevel = digits ? second : first;
  if (byteLevel?.type !== 'ByteLevel' || steps.length !== (digits ? 2 : 1)) {
    throw reader.error('pre_tokenizer to be "ByteLevel", perhaps after "Digits"', outer.type);
  }
  reader.settings(byteLevel, 'pre_tokenizer', { use_regex: [true], add_prefix_space: [true, false] });
  if (digits) reader.settings(digits, 'pre_tokenizer', { individual_digits: [true] });
  return { isDigitAlone: digits !== undefined, byteLevel };
}

function readMerges(model: Json, ids: ReadonlyMap<string, number>, reader: TokenizerFile): Merges {
  const items = reader.list(model.merges, 'model.merges');
  const merges = new Int32Array(items.length * MERGE_SIZE);
  items.forEach((item, rank) => {
    const ranked = typeof item === 'string' ? readPair(item.split(' '), ids) : readPair(item, ids);
    if (ranked === undefined) throw wrongMerge(reader, rank, item);
    merges.set(ranked, rank * MERGE_SIZE);
  });
  return merges;
}

function readPair(pair: unknown, ids: ReadonlyMap<string, number>): [number, number, number] | undefined {
  if (!Array.isArray(pair) || pair.length !== 2) return undefined;
  const [left, right] = pair as readonly unknown[];
  if (typeof left !== 'string' || typeof right !== 'string') return undefined;
  const found = [ids.get(left), ids.get(right), ids.get(left + right)];
  return found.includes(undefined) ? undefined : (found as [number, number, number]);
}

function wrongMerge(reader: TokenizerFile, rank: number, item: unknown): ModelFileError {
  return reader.error(`model.merges[${rank}] to be two tokens of the vocabulary that together are a third`, item);
}
