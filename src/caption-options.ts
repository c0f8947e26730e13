import { InvalidArgumentError, type DecodeImageOptions, type Manifest } from './core/index.js';
import type { SearchOptions } from './search/index.js';

/**
 * How one picture is captioned. What is left out of the search's options, the model's manifest decides; banned tokens are
 * added to those that the model bans.
 */
export interface CaptionOptions extends DecodeImageOptions, Omit<SearchOptions, 'startTokenIds' | 'endTokenIds'> {
  /** Stops the reading of the picture, and the search between two words; its reason is thrown untouched. */
  readonly signal?: AbortSignal;
}

const SEARCH_KEYS = [
  'numBeams',
  'numCaptions',
  'lengthPenalty',
  'minLength',
  'maxLength',
  'noRepeatNgramSize',
  'earlyStopping',
  'bannedTokenIds',
  'logitsProcessors',
] as const satisfies readonly (keyof CaptionOptions)[];
const DECODE_KEYS = ['maxPixels', 'background', 'timeoutMs', 'fetch', 'signal'] as const;

/** Splits a call's options into those of the search, completed from the manifest, and those of reading the picture. */
export function splitCaptionOptions(
  options: CaptionOptions,
  manifest: Manifest,
): { searching: SearchOptions; decoding: DecodeImageOptions } {
  const known: readonly string[] = [...SEARCH_KEYS, ...DECODE_KEYS];
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(unknown, `Unknown option "${unknown}". Known are ${known.join(', ')}.`);
  }
  const searching: SearchOptions = {
    ...manifest.generation,
    ...pick(options, SEARCH_KEYS),
    startTokenIds: manifest.tokens.start,
    endTokenIds: manifest.tokens.end,
    bannedTokenIds: [...manifest.tokens.banned, ...(options.bannedTokenIds ?? [])],
    ...pick(options, ['signal']),
  };
  return { searching, decoding: pick(options, DECODE_KEYS) };
}

/** The named properties that are not undefined. */
function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Partial<
    Pick<T, K>
  >;
}
