import { type ModelFileError } from '../core/index.js';
import type { ByteLevelBpe } from './byte-level-bpe-tokenizer.js';
import { MERGE_SIZE, type Merges } from './byte-pair-merger.js';
import { clipPieces, gpt2Pieces, type TextPieces } from './text-pieces.js';
import { type Json, TokenizerFile } from './tokenizer-file.js';

/** Settings of the format that would change ids and that this tokenizer does not have: those that leave them alone. */
const MODEL_SETTINGS: Readonly<Record<string, readonly unknown[]>> = {
  type: ['BPE'],
  dropout: [null, 0],
  continuing_subword_prefix: [null, ''],
  fuse_unk: [false],
  byte_fallback: [false],
  ignore_merges: [false],
};

/** What CLIP's vocabulary writes after the last byte of a word. */
const CLIP_END_OF_WORD = '</w>';

/** CLIP's division of text; published files have it with the special tokens and without. These are found before it is divided. */
const CLIP_PIECE = String.raw`'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;
const CLIP_PIECES = [CLIP_PIECE, String.raw`<\|startoftext\|>|<\|endoftext\|>|${CLIP_PIECE}`];

/**
 * Reads a `tokenizer.json` of the Hugging Face library `tokenizers` whose model is byte-level BPE: `model.vocab`, `model.merges`
 * (each a string or a pair), `added_tokens`, and the division of text. That is the `ByteLevel` pre-tokenizer with its
 * `add_prefix_space`, alone or after `Digits`, as GPT-2, BART and SmolLM have it; or CLIP's normalizer and pre-tokenizer, with the
 * suffix `</w>`. What adds tokens around a text, cuts or pads it (`post_processor`, `truncation`, `padding`) does not change the ids
 * and is ignored.
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
  const isClip = model.end_of_word_suffix === CLIP_END_OF_WORD;
  if (!isClip) reader.settings(model, 'model', { end_of_word_suffix: [null, ''] });
  const pieces = isClip ? readClipPieces(reader) : readGpt2Pieces(reader);
  const ids = reader.vocabulary(model);
  const added = reader.addedTokens();
  for (const { content, id } of added) ids.set(content, id);
  return {
    tokens: reader.byId(ids),
    merges: readMerges(model, ids, reader),
    added,
    pieces,
    endOfWord: isClip ? CLIP_END_OF_WORD : '',
    unknown: typeof model.unk_token === 'string' ? ids.get(model.unk_token) : undefined,
  };
}

/** CLIP's normalizer (composed, white space as one space, lower case) and pre-tokenizer, checked. */
function readClipPieces(reader: TokenizerFile): TextPieces {
  const steps = (value: unknown, name: string, list: string): readonly Json[] => {
    const sequence = reader.object(value, name);
    reader.settings(sequence, name, { type: ['Sequence'] });
    return reader.list(sequence[list], `${name}.${list}`).map((step) => reader.object(step, `${name}.${list}[…]`));
  };
  const normalizers = steps(reader.root.normalizer, 'normalizer', 'normalizers');
  const types = normalizers.map(({ type }) => type).join(', ');
  if (types !== 'NFC, Replace, Lowercase') throw reader.error('normalizers NFC, Replace and Lowercase', types);
  const replace = normalizers[1] as Json;
  reader.settings(reader.object(replace.pattern, 'normalizer.pattern'), 'normalizer.pattern', { Regex: ['\\s+'] });
  reader.settings(replace, 'normalizer', { content: [' '] });
  const [split, byteLevel, ...others] = steps(reader.root.pre_tokenizer, 'pre_tokenizer', 'pretokenizers');
  if (split?.type !== 'Split' || byteLevel?.type !== 'ByteLevel' || others.length > 0) {
    throw reader.error('pre_tokenizer to be "Split" and "ByteLevel"', split?.type);
  }
  const pattern = reader.object(split.pattern, 'pre_tokenizer.pattern');
  reader.settings({ Regex: null, ...pattern }, 'pre_tokenizer.pattern', { Regex: CLIP_PIECES });
  reader.settings(split, 'pre_tokenizer', { behavior: ['Removed'], invert: [true] });
  reader.settings({ add_prefix_space: true, ...byteLevel }, 'pre_tokenizer', { add_prefix_space: [false] });
  return clipPieces;
}

/** GPT-2's pre-tokenizer, checked; there must be no normalizer. */
function readGpt2Pieces(reader: TokenizerFile): TextPieces {
  reader.settings(reader.root, '', { normalizer: [null] });
  const { isDigitAlone, byteLevel } = readPreTokenizers(reader);
  return gpt2Pieces({ addPrefixSpace: byteLevel.add_prefix_space !== false, isDigitAlone });
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
