import type { SearchOptions } from '../types/search-options.js';

/** The name of a search option. */
export type OptionName = keyof SearchOptions;

/** All of them. */
export const OPTION_NAMES: readonly OptionName[] = Object.keys({
  startTokenIds: true,
  endTokenIds: true,
  numCountedStartTokens: true,
  forcedEndTokenId: true,
  strategy: true,
  numBeams: true,
  numBeamGroups: true,
  diversityPenalty: true,
  beamVariant: true,
  earlyStopping: true,
  numCaptions: true,
  lengthPenalty: true,
  minLength: true,
  maxLength: true,
  repetitionPenalty: true,
  noRepeatNgramSize: true,
  noRepeatWords: true,
  tokenizer: true,
  bannedTokenIds: true,
  bannedPhrases: true,
  requiredPhrases: true,
  logitBias: true,
  temperature: true,
  topK: true,
  topP: true,
  minP: true,
  typicalP: true,
  seed: true,
  logitsProcessors: true,
  stoppingCriteria: true,
  signal: true,
} satisfies Record<OptionName, true>) as OptionName[];
