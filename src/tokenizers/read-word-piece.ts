import type { BertNormalizer } from './bert-text.js';
import { TokenizerFile } from './tokenizer-file.js';
import type { WordPiece } from './word-piece-tokenizer.js';

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
  };
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
