import { ManifestError } from '../core/index.js';
import { createUtf8Decoder } from '../text/utf8.js';

/** Deeper than the files of any model. */
const MAX_DEPTH = 64;

/**
 * The text of a JSON file, bounded in length and depth before it is parsed.
 *
 * @param file its path or URL, for messages
 * @throws ManifestError if it has more bytes than `maxBytes`, is not UTF-8, or is nested too deeply
 */
export function decodeJson(bytes: Uint8Array, file: string, maxBytes: number): string {
  if (bytes.byteLength > maxBytes) {
    throw new ManifestError(file, '', `at most ${maxBytes} bytes`, `${bytes.byteLength}`);
  }
  const text = decode(bytes, file);
  if (depthOf(text) > MAX_DEPTH) {
    throw new ManifestError(file, '', `JSON nested at most ${MAX_DEPTH} deep`, 'deeper nesting');
  }
  return text;
}

function decode(bytes: Uint8Array, file: string): string {
  const decoder = createUtf8Decoder({ fatal: true });
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new ManifestError(file, '', 'JSON in UTF-8', 'other bytes', { cause });
  }
}

/** How deep lists and objects lie in each other. */
function depthOf(json: string): number {
  let [depth, deepest] = [0, 0];
  for (const [mark] of json.matchAll(/"(?:[^"\\]|\\.)*"?|[[{\]}]/gs)) {
    if (mark === '[' || mark === '{') deepest = Math.max(deepest, (depth += 1));
    else if (mark === ']' || mark === '}') depth -= 1;
  }
  return deepest;
}
