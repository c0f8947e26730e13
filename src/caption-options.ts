import { InvalidArgumentError, type DecodeImageOptions, type Manifest } from './core/index.js';
import type { LogitsProcessor, SearchOptions } from './search/index.js';

/** How one picture is captioned. What is left out, the model's manifest decides. */
export interface CaptionOptions extends DecodeImageOptions {
  /** Beams of the search, 1 … 64; 1 is greedy. */
  readonly numBeams?: number;
  /** How many captions to give, best first; at most `numBeams`. Default 1. */
  readonly numCaptions?: number;
  /** A caption's score is its log-probability divided by `length ** lengthPenalty`; above 0 favours longer ones. */
  readonly lengthPenalty?: number;
  /** Fewest tokens of a caption, the end token not counted. */
  readonly minLength?: number;
  /** Most tokens of a caption, the end token included. */
  readonly maxLength?: number;
  /** No run of so many tokens occurs twice in a caption; 0 allows all. */
  readonly noRepeatNgramSize?: number;
  /**
   * When a beam search ends. `true`: as soon as there are `numBeams` finished captions. `false` (default): when the best
   * running beam, scored at its present length, cannot beat them. `'never'`: when no running beam can at any length.
   */
  readonly earlyStopping?: boolean | 'never';
  /** Tokens never to be generated, beside those that the model bans. */
  readonly bannedTokenIds?: readonly number[];
  /** Changes the scores of next tokens before each choice, after the built-in rules. */
  readonly logitsProcessors?: readonly LogitsProcessor[];
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
