import { ManifestError } from '../errors/index.js';
import { FieldReader } from './field-reader.js';

/**
 * Reads a JSON file whose fields are to be checked one by one.
 *
 * @param json the file's text
 * @param file its path or URL, for messages
 * @throws ManifestError where the text is not JSON
 */
export function parseJson(json: string, file: string): FieldReader {
  try {
    return new FieldReader(file, JSON.parse(json));
  } catch (cause) {
    throw new ManifestError(file, '', 'JSON', `text that is not (${(cause as Error).message})`, { cause });
  }
}
