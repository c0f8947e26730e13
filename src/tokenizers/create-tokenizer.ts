import { ModelMismatchError, type Manifest, type Tokenizer } from '../core/index.js';
import { ByteLevelBpeTokenizer } from './byte-level-bpe-tokenizer.js';
import { readByteLevelBpe } from './read-byte-level-bpe.js';
import { readWordMap } from './read-word-map.js';
import { readWordPiece } from './read-word-piece.js';
import { WordMapTokenizer } from './word-map-tokenizer.js';
import { WordPieceTokenizer } from './word-piece-tokenizer.js';

/** Tokenizers by the name of their file's format. */
const FORMATS: Readonly<Record<string, (json: string, file: string, vocabularySize: number) => Tokenizer>> = {
  'word-map': (json, file, size) => new WordMapTokenizer(readWordMap(json, file, size).words),
  'byte-level-bpe': (json, file, size) => new ByteLevelBpeTokenizer(readByteLevelBpe(json, file, size)),
  'word-piece': (json, file, size) => new WordPieceTokenizer(readWordPiece(json, file, size)),
};

/** What a tokenizer's file may hold beside its tokens, in characters, and at most for each token. GPT-2's has 27 a token. */
const MAX_CHARACTERS = 2 ** 20;
const MAX_CHARACTERS_PER_TOKEN = 2 ** 10;
/** More than any tokenizer has, whatever the manifest says. */
const MAX_CHARACTERS_AT_ALL = 2 ** 28;

/** What is said of a model's tokenizer. */
export interface TokenizerDescription {
  readonly tokenizer: Pick<Manifest['tokenizer'], 'type' | 'file'>;
  readonly vocabularySize: number;
}

/**
 * Makes the tokenizer of a model from its file.
 *
 * @throws ModelFileError if the file is not what its type asks for; ModelMismatchError if its size is not the manifest's, so
 *   that the model would give ids without a token
 */
export function createTokenizer(
  { tokenizer: { type, file }, vocabularySize }: TokenizerDescription,
  json: string,
): Tokenizer {
  const create = Object.hasOwn(FORMATS, type) ? FORMATS[type] : undefined;
  if (!create) throw new ModelMismatchError('tokenizer.type', `one of ${Object.keys(FORMATS).join(', ')}`, type);
  const most = Math.min(MAX_CHARACTERS + vocabularySize * MAX_CHARACTERS_PER_TOKEN, MAX_CHARACTERS_AT_ALL);
  if (json.length > most) {
    throw new ModelMismatchError(file, `at most ${most} characters for ${vocabularySize} tokens`, `${json.length}`);
  }
  const tokenizer = create(json, file, vocabularySize);
  if (tokenizer.vocabularySize !== vocabularySize) {
    throw new ModelMismatchError(file, `${vocabularySize} tokens, as the manifest says`, `${tokenizer.vocabularySize}`);
  }
  return tokenizer;
}
