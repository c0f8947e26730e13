import type { ModelFiles } from '../core/index.js';
import { decodeJson } from '../validate/index.js';

/** Most bytes of a file of settings, and of a tokenizer, whose vocabulary may have a quarter of a million words. */
const MAX_SETTINGS_BYTES = 2 ** 22;
export const MAX_TOKENIZER_BYTES = 2 ** 26;

/**
 * The text of a JSON file of a model, within bounds.
 *
 * @throws ManifestError if it is too long, nested too deeply, or not text; what reading throws
 */
export async function readJsonText(
  files: ModelFiles,
  name: string,
  signal: AbortSignal | undefined,
  maxBytes = MAX_SETTINGS_BYTES,
): Promise<string> {
  return decodeJson(await files.read(name, signal), `${files.location}/${name}`, maxBytes);
}
