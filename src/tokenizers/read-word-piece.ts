import type { BertNormalizer } from './bert-text.js';
import { type Json, TokenizerFile } from './tokenizer-file.js';
import type { Replacement, WordPiece, WordPieceDecoding } from './word-piece-tokenizer.js';

const MAX_CHARACTERS_PER_WORD = 100;

/**
 * Reads a `tokenizer.json` of the Hugging Face library `tokenizers` whose model is WordPiece with BERT's normalizer and
 * pre-tokenizer, as BLIP and GIT have it. What adds tokens around a text, cuts or pads it does not change the ids and is ignored.
 *
 * @param file the file's name, for messages
 * @param vocabularySize how many tokens the model has
 * @throws ModelFileError which names what is missing, or a setting that would give other ids; ModelMismatchError if the file
 *   has more tokens than the model
 */
export function readWordPiece(json: string, file: string, vocabularySize?: number): WordPiece {
  const reader = new TokenizerFile(json, file, vocabularySize);
  const model = reader.object(reader.root.model, 'model');
  reader.settings(model, 'model', { type: ['WordPiece'] });
  reader.settings(reader.object(reader.root.pre_tokenizer, 'pre_tokenizer'), 'pre_tokenizer', {
    type: ['BertPreTokenizer'],
  });
  const ids = reader.vocabulary(model);
  const added = reader.addedTokens();
  for (const { content, id } of added) ids.set(content, id);
  const { unk_token: unknownToken = '[UNK]', continuing_subword_prefix: continuation = '##' } = model;
  if (typeof continuation !== 'string')
    throw reader.error('model.continuing_subword_prefix to be a text', continuation);
  const unknown = typeof unknownToken === 'string' ? ids.get(unknownToken) : undefined;
  if (unknown === undefined) throw reader.error('model.unk_token to be a token of the vocabulary', unknownToken);
  return {
    tokens: reader.byId(ids),
    added,
    normalizer: readNormalizer(reader),
    continuation,
    maxCharactersPerWord: reader.id(
      model.max_input_chars_per_word ?? MAX_CHARACTERS_PER_WORD,
      'model.max_input_chars_per_word',
    ),
    unknown,
    decoding: readDecoding(reader, continuation),
  };
}

/** The decoder: `WordPiece`, or a sequence that begins with it and replaces texts in what it gives. */
function readDecoding(reader: TokenizerFile, continuation: string): WordPieceDecoding {
  const decoder = reader.object(reader.root.decoder ?? { type: 'WordPiece' }, 'decoder');
  reader.settings(decoder, 'decoder', { type: ['WordPiece', 'Sequence'] });
  const isSequence = decoder.type === 'Sequence';
  const parts = isSequence ? reader.list(decoder.decoders, 'decoder.decoders') : [decoder];
  const names = parts.map((_, index) => (isSequence ? `decoder.decoders[${index}]` : 'decoder'));
  const objects = parts.map((part, index) => reader.object(part, names[index] as string));
  const [first, ...others] = objects;
  const name = names[0] ?? 'decoder.decoders[0]';
  if (first === undefined) throw reader.error(`${name} to be an object`, undefined);
  reader.settings(first, name, { type: ['WordPiece'], prefix: [continuation], cleanup: [true, false] });
  const replacements = others.flatMap((part, index) => readReplacement(reader, part, names[index + 1] as string));
  const [second] = others;
  if (second !== undefined && second.type !== 'Fuse') throw reader.error(`${names[1]}.type to be "Fuse"`, second.type);
  return { cleansUp: first.cleanup !== false, replacements };
}

/** None of `Fuse`, which puts tokens together. */
function readReplacement(reader: TokenizerFile, part: Json, name: string): readonly Replacement[] {
  reader.settings(part, name, { type: ['Fuse', 'Replace'] });
  if (part.type === 'Fuse') return [];
  const { String: from } = reader.object(part.pattern, `${name}.pattern`);
  if (typeof from !== 'string' || from === '') throw reader.error(`${name}.pattern.String to be a text`, from);
  if (typeof part.content !== 'string') throw reader.error(`${name}.content to be a text`, part.content);
  return [[from, part.content]];
}

function readNormalizer(reader: TokenizerFile): BertNormalizer {
  const normalizer = reader.object(reader.root.normalizer, 'normalizer');
  reader.settings(normalizer, 'normalizer', {
    type: ['BertNormalizer'],
    clean_text: [true, false],
    handle_chinese_chars: [true, false],
    strip_accents: [null, true, false],
    lowercase: [true, false],
  });
  const lowercase = normalizer.lowercase !== false;
  return {
    cleanText: normalizer.clean_text !== false,
    handleChineseCharacters: normalizer.handle_chinese_chars !== false,
    stripAccents: typeof normalizer.strip_accents === 'boolean' ? normalizer.strip_accents : lowercase,
    lowercase,
  };
}
