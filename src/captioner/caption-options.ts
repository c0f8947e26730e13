import type { DecodeImageOptions, GenerationDefaults, ModelDescription, Tokenizer } from '../core/index.js';
import type { CommonSearchOptions, SearchOptions, StrategyOptions, TokenOptions } from '../search/index.js';
import { impliedStrategy } from '../search/options/check-combination.js';
import { OptionReader } from '../validate/index.js';
import { OPTION_NAMES, type OptionName } from '../search/options/resolve-options.js';
import { encodeWords, type WordOptions } from './word-options.js';

/**
 * How one picture is captioned. What is left out of the search's options, the model's manifest decides; banned tokens are
 * added to those that the model bans. `signal` stops the reading of the picture, and the search between two words.
 */
export type CaptionOptions = DecodeImageOptions & CommonSearchOptions & StrategyOptions & WordOptions;

type Key = keyof CaptionOptions;

/** Those of the search that a caller gives; the model decides the others. */
const SEARCH_KEYS = OPTION_NAMES.filter(
  (name): name is Exclude<OptionName, keyof TokenOptions | 'signal'> =>
    name !== 'startTokenIds' && name !== 'endTokenIds' && name !== 'signal',
);
const WORD_KEYS = ['prefix', 'bannedWords', 'requiredWords'] as const satisfies readonly Key[];
const DECODE_KEYS = ['maxPixels', 'background', 'timeoutMs', 'fetch', 'signal'] as const satisfies readonly Key[];

/** The names of all options of a caption. */
export const CAPTION_OPTIONS: readonly Key[] = [...new Set<Key>([...SEARCH_KEYS, ...WORD_KEYS, ...DECODE_KEYS])];

/** A call's options, taken apart. */
export interface SplitOptions {
  /** Those of the search, completed from the manifest. */
  readonly searching: SearchOptions;
  /** Those of reading the picture. */
  readonly decoding: DecodeImageOptions;
  /** The tokens of the text that captions begin with. */
  readonly prefix: readonly number[];
}

/**
 * Takes a call's options apart.
 *
 * @throws InvalidArgumentError for an option that is unknown, or in words that the model lacks
 */
export function splitCaptionOptions(
  options: CaptionOptions,
  { manifest, tokenizer }: { readonly manifest: ModelDescription; readonly tokenizer: Tokenizer },
): SplitOptions {
  new OptionReader(options, CAPTION_OPTIONS, { of: 'caption()' });
  const { prefix, bannedPhrases, requiredPhrases } = encodeWords(options, tokenizer);
  const startTokenIds = [...manifest.tokens.start, ...prefix];
  const searching = {
    ...generationDefaults(manifest, options, startTokenIds.length),
    ...pick(options, SEARCH_KEYS),
    startTokenIds,
    endTokenIds: manifest.tokens.end,
    bannedTokenIds: join(manifest.tokens.banned, options.bannedTokenIds),
    ...(bannedPhrases.length > 0 && { bannedPhrases: join(bannedPhrases, options.bannedPhrases) }),
    ...(requiredPhrases.length > 0 && { requiredPhrases: join(requiredPhrases, options.requiredPhrases) }),
    ...pick(options, ['signal']),
  } as SearchOptions; // the search checks what goes together
  return { searching, decoding: pick(options, DECODE_KEYS), prefix };
}

/** The manifest's defaults, as far as the strategy has a use for them and the text that captions begin with leaves room. */
function generationDefaults(
  { generation, maxPositions }: ModelDescription,
  options: CaptionOptions,
  numStartTokens: number,
): Partial<GenerationDefaults> {
  const { numCaptions, maxLength: asked } = options;
  const strategy = impliedStrategy(options);
  const { lengthPenalty, noRepeatNgramSize, repetitionPenalty, numBeams } = generation;
  const hasBeams = strategy === 'beam' || strategy === 'beam-sample';
  const maxLength = Math.max(1, Math.min(generation.maxLength, maxPositions - numStartTokens + 1));
  return {
    lengthPenalty,
    noRepeatNgramSize,
    ...(repetitionPenalty !== undefined && { repetitionPenalty }),
    maxLength,
    minLength: Math.min(generation.minLength, asked ?? maxLength),
    ...(hasBeams && { numBeams: enoughBeams(numBeams, numCaptions), ...endDefaults(generation, options) }),
  };
}

/** A beam for each caption that is asked for; a number that is none is left to the search to refuse. */
function enoughBeams(numBeams: number, numCaptions: unknown): number {
  return typeof numCaptions === 'number' && numCaptions > numBeams ? numCaptions : numBeams;
}

/** Options that ask for what only a beam search that refills its beams can do. */
const REFILLING = [
  'earlyStopping',
  'numBeamGroups',
  'requiredWords',
  'requiredPhrases',
] as const satisfies readonly Key[];

/** The manifest's defaults of how beams end: one or the other, since `earlyStopping` belongs to beams that are refilled. */
function endDefaults(
  { earlyStopping, whenBeamEnds = 'refill' }: GenerationDefaults,
  options: CaptionOptions,
): Partial<GenerationDefaults> {
  const needsRefill =
    impliedStrategy(options) === 'beam-sample' || REFILLING.some((name) => options[name] !== undefined);
  const ends = options.whenBeamEnds ?? (needsRefill ? 'refill' : whenBeamEnds);
  if (ends !== 'refill') return { whenBeamEnds: ends };
  return earlyStopping === undefined ? {} : { earlyStopping };
}

/** The model's own list, or that of options in words, and the caller's; what is no list is left to the search to refuse. */
function join<T>(own: readonly T[], given: readonly T[] = []): readonly T[] {
  const list: unknown = given;
  return Array.isArray(list) ? [...own, ...given] : given;
}

/** The named properties that are not undefined. */
function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Partial<
    Pick<T, K>
  >;
}
