import { ModelFileError, ModelMismatchError } from '../core/index.js';
import type { WordMap } from './word-map-tokenizer.js';

/**
 * Reads the file of a word-map tokenizer.
 *
 * @param file the file's name, for messages
 * @param vocabularySize how many words the model has
 * @throws ModelFileError if it is something else; ModelMismatchError if it has another number of words
 */
export function readWordMap(json: string, file: string, vocabularySize?: number): WordMap {
  const wanted = 'an object with "type": "word-map" and "words", a list of strings';
  let value: Partial<WordMap> | null;
  try {
    value = JSON.parse(json) as Partial<WordMap> | null;
  } catch (cause) {
    throw new ModelFileError(file, `${file}: expected ${wanted}, found text that is not JSON.`, { cause });
  }
  if (value?.type === 'word-map' && Array.isArray(value.words)) {
    const { words } = value as WordMap;
    if (vocabularySize !== undefined && words.length !== vocabularySize) {
      throw new ModelMismatchError(file, `${vocabularySize} tokens, as the manifest says`, `${words.length}`);
    }
    if (words.every((word) => typeof word === 'string')) return value as WordMap;
  }
  throw new ModelFileError(file, `${file}: expected ${wanted}. Export the model again.`);
}
