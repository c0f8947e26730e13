import { ModelMismatchError, type Manifest, type Tokenizer } from '../core/index.js';
import { ByteLevelBpeTokenizer } from './byte-level-bpe-tokenizer.js';
import { readByteLevelBpe } from './read-byte-level-bpe.js';
import { readWordMap } from './read-word-map.js';
import { WordMapTokenizer } from './word-map-tokenizer.js';

/** Tokenizers by the name of their file's format. */
const FORMATS: Readonly<Record<string, (json: string, file: string) => Tokenizer>> = {
  'word-map': (json, file) => new WordMapTokenizer(readWordMap(json, file).words),
  'byte-level-bpe': (json, file) => new ByteLevelBpeTokenizer(readByteLevelBpe(json, file)),
};

/** What is said of a model's tokenizer. */
interface TokenizerDescription {
  readonly tokenizer: Pick<Manifest['tokenizer'], 'type' | 'file'>;
  readonly vocabularySize: number;
}

/**
 * Makes the tokenizer of a model from its file.
 *
 * @throws ModelFileError where the file is not what its type asks for; ModelMismatchError where its size is not the
 *   manifest's, so that the model would give ids without a token
 */
export function createTokenizer(
  { tokenizer: { type, file }, vocabularySize }: TokenizerDescription,
  json: string,
): Tokenizer {
  const create = Object.hasOwn(FORMATS, type) ? FORMATS[type] : undefined;
  if (!create) throw new ModelMismatchError('tokenizer.type', `one of ${Object.keys(FORMATS).join(', ')}`, type);
  const tokenizer = create(json, file);
  if (tokenizer.vocabularySize !== vocabularySize) {
    throw new ModelMismatchError(file, `${vocabularySize} tokens, as the manifest says`, `${tokenizer.vocabularySize}`);
  }
  return tokenizer;
}
