import {
  type CaptionDecoder,
  EARLY_STOPPING,
  InvalidArgumentError,
  type Tokenizer,
  BEAM_VARIANTS,
} from '../../core/index.js';
import { OptionReader } from '../../validate/index.js';
import { OPTION_NAMES, type OptionName } from './option-names.js';
import { checkCombination, impliedStrategy } from './check-combination.js';
import type { StoppingCriterion } from '../types/rules.js';
import type { SearchOptions } from '../types/search-options.js';
import type { SearchSettings } from '../types/search-settings.js';

/** The most captions that a search pursues at once. */
const MAX_ROWS = 64;
/** The longest caption if no `maxLength` is given. */
const DEFAULT_MAX_LENGTH = 50;

/** The limits that a decoder sets to its search. */
type Limits = Pick<CaptionDecoder, 'vocabularySize' | 'maxPositions' | 'hasPrefix'>;

/**
 * Checks options and fills in the defaults. An option that is `undefined` counts as left out.
 *
 * @param limits of the decoder that is to be searched
 * @throws InvalidArgumentError that names the option
 */
export function resolveSearchOptions(options: SearchOptions, limits: Limits): SearchSettings {
  const given = new OptionReader(options, OPTION_NAMES, { of: 'search()' });
  const strategy =
    given.oneOf('strategy', ['greedy', 'beam', 'sample', 'beam-sample']) ?? impliedStrategy({ ...options });
  const numCaptions = given.integer('numCaptions', 1, MAX_ROWS) ?? 1;
  const tokens = readTokens(given, limits);
  const settings: SearchSettings = {
    strategy,
    ...tokens,
    ...readBeams(given, strategy === 'beam' || strategy === 'beam-sample' ? numCaptions : 1),
    numCountedStartTokens: given.integer('numCountedStartTokens', 0, tokens.startTokenIds.length) ?? 0,
    forcedEndTokenId: given.integer('forcedEndTokenId', 0, limits.vocabularySize - 1),
    ...readLengths(given, tokens.startTokenIds.length, limits.maxPositions),
    ...readRules(given, limits.vocabularySize),
    ...readSampling(given),
    numCaptions,
    signal: given.signal('signal'),
  };
  checkCombination(settings, (name) => given.isGiven(name));
  return settings;
}

type Reader = OptionReader<OptionName>;

function readTokens(
  given: Reader,
  { vocabularySize, hasPrefix }: Limits,
): Pick<SearchSettings, 'startTokenIds' | 'endTokenIds'> {
  const startTokenIds = given.tokenIds('startTokenIds', vocabularySize);
  if (startTokenIds === undefined || (startTokenIds.length === 0 && !hasPrefix)) {
    throw new InvalidArgumentError(
      'startTokenIds',
      'startTokenIds must name at least one token that captions start with (or none, for a decoder with a prefix).',
    );
  }
  const endTokenIds = given.tokenIds('endTokenIds', vocabularySize);
  if (endTokenIds === undefined) {
    throw new InvalidArgumentError(
      'endTokenIds',
      'endTokenIds must list the tokens that end a caption; it may be empty.',
    );
  }
  return { startTokenIds: Object.freeze(startTokenIds), endTokenIds: new Set(endTokenIds) };
}

function readBeams(
  given: Reader,
  defaultNumBeams: number,
): Pick<SearchSettings, 'numBeams' | 'numBeamGroups' | 'diversityPenalty' | 'beamVariant' | 'earlyStopping'> {
  return {
    numBeams: given.integer('numBeams', 1, MAX_ROWS) ?? defaultNumBeams,
    numBeamGroups: given.integer('numBeamGroups', 1, MAX_ROWS) ?? 1,
    diversityPenalty: given.positive('diversityPenalty') ?? 0.5,
    beamVariant: given.oneOf('beamVariant', BEAM_VARIANTS) ?? 'transformers',
    earlyStopping: given.oneOf('earlyStopping', EARLY_STOPPING) ?? false,
  };
}

function readLengths(
  given: Reader,
  numStartTokens: number,
  maxPositions: number,
): Pick<SearchSettings, 'lengthPenalty' | 'minLength' | 'maxLength'> {
  const maxLength = readMaxLength(given, numStartTokens, maxPositions);
  return {
    lengthPenalty: given.finite('lengthPenalty') ?? 1,
    minLength: given.integer('minLength', 0, maxLength, 'maxLength') ?? 0,
    maxLength,
  };
}

function readMaxLength(given: Reader, numStartTokens: number, maxPositions: number): number {
  if (numStartTokens > maxPositions) {
    throw new InvalidArgumentError(
      'startTokenIds',
      `startTokenIds has ${numStartTokens} tokens, but the decoder reads at most ${maxPositions}. Give fewer.`,
    );
  }
  const longest = maxPositions - numStartTokens + 1;
  const maxLength = given.integer('maxLength', 1);
  if (maxLength === undefined) return Math.min(DEFAULT_MAX_LENGTH, longest);
  if (maxLength <= longest) return maxLength;
  throw new InvalidArgumentError(
    'maxLength',
    `maxLength is ${maxLength}, but after ${numStartTokens} start token(s) the decoder, which reads at most ` +
      `${maxPositions} tokens, allows ${longest} at most.`,
  );
}

type Rules =
  | 'repetitionPenalty'
  | 'noRepeatNgramSize'
  | 'noRepeatWords'
  | 'bannedTokenIds'
  | 'bannedPhrases'
  | 'requiredPhrases'
  | 'logitBias'
  | 'logitsProcessors'
  | 'stoppingCriteria';

function readRules(given: Reader, vocabularySize: number): Pick<SearchSettings, Rules> {
  return {
    repetitionPenalty: given.positive('repetitionPenalty') ?? 1,
    noRepeatNgramSize: given.integer('noRepeatNgramSize', 0) ?? 0,
    noRepeatWords: readWords(given),
    bannedTokenIds: given.tokenIds('bannedTokenIds', vocabularySize) ?? [],
    bannedPhrases: given.phrases('bannedPhrases', vocabularySize) ?? [],
    requiredPhrases: given.alternatives('requiredPhrases', vocabularySize) ?? [],
    logitBias: given.numbersByTokenId('logitBias', vocabularySize) ?? new Map<number, number>(),
    logitsProcessors: given.rules('logitsProcessors', 'process') ?? [],
    stoppingCriteria: (given.rules('stoppingCriteria', 'shouldStop') ?? []) as readonly StoppingCriterion[],
  };
}

/** What tells words, if words must not come right after themselves. */
function readWords(given: Reader): Tokenizer | undefined {
  if (given.boolean('noRepeatWords') !== true) return undefined;
  const tokenizer = given.raw('tokenizer') as Tokenizer | undefined;
  if (typeof tokenizer?.decode === 'function' && typeof tokenizer.encode === 'function') return tokenizer;
  throw new InvalidArgumentError(
    'tokenizer',
    'noRepeatWords needs to know which tokens make a word: give the tokenizer of the model as tokenizer.',
  );
}

function readSampling(
  given: Reader,
): Pick<SearchSettings, 'temperature' | 'topK' | 'topP' | 'minP' | 'typicalP' | 'seed'> {
  return {
    temperature: given.positive('temperature') ?? 1,
    topK: given.integer('topK', 0) ?? 0,
    topP: given.positive('topP', 1) ?? 1,
    minP: given.share('minP') ?? 0,
    typicalP: given.positive('typicalP', 1) ?? 1,
    seed: given.integer('seed', 0) ?? Math.floor(Math.random() * 2 ** 53),
  };
}
