import { ModelFileError, ModelMismatchError, type Manifest, type Tokenizer } from '../core/index.js';
import { WordMapTokenizer, type WordMap } from './word-map-tokenizer.js';

/**
 * Makes the tokenizer of a model from its file.
 *
 * @throws ModelFileError where the file is not what its type asks for; ModelMismatchError where its size is not the manifest's
 */
export function createTokenizer(manifest: Manifest, json: string): Tokenizer {
  const { type, file } = manifest.tokenizer;
  if (type !== 'word-map') {
    throw new ModelMismatchError('tokenizer.type', 'word-map', type);
  }
  const tokenizer = new WordMapTokenizer(readWordMap(json, file).words);
  if (tokenizer.vocabularySize !== manifest.vocabularySize) {
    throw new ModelMismatchError(
      file,
      `${manifest.vocabularySize} words, as the manifest says`,
      `${tokenizer.vocabularySize}`,
    );
  }
  return tokenizer;
}

function readWordMap(json: string, file: string): WordMap {
  const wanted = 'an object with "type": "word-map" and "words", a list of strings';
  try {
    const value = JSON.parse(json) as Partial<WordMap> | null;
    if (
      value?.type === 'word-map' &&
      Array.isArray(value.words) &&
      value.words.every((word) => typeof word === 'string')
    ) {
      return value as WordMap;
    }
  } catch (cause) {
    throw new ModelFileError(file, `${file}: expected ${wanted}, found text that is not JSON.`, { cause });
  }
  throw new ModelFileError(file, `${file}: expected ${wanted}. Export or download the model again.`);
}
