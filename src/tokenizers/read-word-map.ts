import { ModelFileError } from '../core/index.js';
import type { WordMap } from './word-map-tokenizer.js';

/**
 * Reads the file of a word-map tokenizer.
 *
 * @param file the file's name, for messages
 * @throws ModelFileError where it is something else
 */
export function readWordMap(json: string, file: string): WordMap {
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
