import { InvalidArgumentError } from '../../core/index.js';
import type { OptionName } from './option-names.js';
import { missingTokens } from '../scoring/required-phrases.js';
import type { BeamOptions, BeamVariantOptions, SamplingOptions, SearchStrategyName } from '../types/search-options.js';
import type { SearchSettings } from '../types/search-settings.js';

const BEAM_OPTIONS = ['numBeams', 'earlyStopping'] as const satisfies (keyof BeamOptions)[];
const BEAM_VARIANT_OPTIONS = [
  'numBeamGroups',
  'diversityPenalty',
  'beamVariant',
  'requiredPhrases',
] as const satisfies (keyof BeamVariantOptions)[];
const SAMPLING_OPTIONS = [
  'temperature',
  'topK',
  'topP',
  'minP',
  'typicalP',
  'seed',
] as const satisfies (keyof SamplingOptions)[];

/** Options that have no effect with a strategy. */
const UNUSED: Record<SearchStrategyName, readonly OptionName[]> = {
  greedy: [...BEAM_OPTIONS, ...BEAM_VARIANT_OPTIONS, ...SAMPLING_OPTIONS],
  beam: SAMPLING_OPTIONS,
  sample: [...BEAM_OPTIONS, ...BEAM_VARIANT_OPTIONS],
  'beam-sample': BEAM_VARIANT_OPTIONS,
};

/** What a strategy does that has no use for an option: to ask for it is not a contradiction. */
const NEUTRAL: Partial<SearchSettings> = {
  numBeams: 1,
  numBeamGroups: 1,
  temperature: 1,
  topK: 0,
  topP: 1,
  minP: 0,
  typicalP: 1,
};

/**
 * The strategy that options ask for. Without a name those that only sampling has mean sampling, with beams if there are to be
 * several, as in transformers.
 */
export function impliedStrategy(
  options: Readonly<Partial<Record<'strategy' | 'numBeams' | keyof SamplingOptions, unknown>>>,
): SearchStrategyName {
  if (options.strategy !== undefined) return options.strategy as SearchStrategyName;
  if (!SAMPLING_OPTIONS.some((name) => options[name] !== undefined)) return 'beam';
  return options.numBeams === undefined || options.numBeams === 1 ? 'sample' : 'beam-sample';
}

/**
 * Checks that options, each right by itself, go together: none would be ignored, and none makes another impossible.
 *
 * @param isGiven whether the caller gave an option
 * @throws InvalidArgumentError that names one of those that do not go together
 */
export function checkCombination(settings: SearchSettings, isGiven: (name: OptionName) => boolean): void {
  const unused = UNUSED[settings.strategy].find((name) => isGiven(name) && !isNeutral(settings, name));
  if (unused !== undefined) {
    const users = Object.entries(UNUSED).filter(([, names]) => !names.includes(unused));
    const hint = users.map(([name]) => `'${name}'`).join(' or ');
    throw new InvalidArgumentError(
      unused,
      `${unused} has no effect with strategy '${settings.strategy}'. Leave it out, or use strategy ${hint}.`,
    );
  }
  checkBeams(settings, isGiven);
  if (settings.requiredPhrases.length > 0) checkRequiredPhrases(settings);
}

function isNeutral(settings: SearchSettings, name: OptionName): boolean {
  return Object.entries(NEUTRAL).some(
    ([key, value]) => key === name && value === settings[key as keyof SearchSettings],
  );
}

function checkBeams(settings: SearchSettings, isGiven: (name: OptionName) => boolean): void {
  const { strategy, numBeams, numBeamGroups, numCaptions, beamVariant } = settings;
  require(strategy !== 'beam-sample' || numBeams > 1, 'numBeams', "strategy 'beam-sample' needs at least 2 beams");
  require(strategy === 'sample' ||
    numCaptions <=
      numBeams, 'numCaptions', `numCaptions must be an integer from 1 to numBeams (${numBeams}), not ${numCaptions}`);
  require(numBeams % numBeamGroups ===
    0, 'numBeamGroups', `${numBeams} beams cannot be divided evenly into numBeamGroups ${numBeamGroups}`);
  require(numBeamGroups > 1 ||
    !isGiven('diversityPenalty'), 'diversityPenalty', 'diversityPenalty needs numBeamGroups above 1');
  if (beamVariant === 'transformers') return;
  require(!isGiven(
    'earlyStopping',
  ), 'earlyStopping', `earlyStopping has no effect with beamVariant '${beamVariant}', which ends when all beams have ended`);
  require(numBeamGroups === 1, 'beamVariant', `numBeamGroups needs beamVariant 'transformers'`);
}

function checkRequiredPhrases(settings: SearchSettings): void {
  const { requiredPhrases, bannedTokenIds, numBeams, numBeamGroups, beamVariant, maxLength, startTokenIds } = settings;
  const name = 'requiredPhrases';
  require(numBeams > 1, name, 'requiredPhrases needs numBeams of at least 2');
  require(numBeamGroups === 1, name, 'requiredPhrases cannot be combined with numBeamGroups');
  require(beamVariant === 'transformers', name, "requiredPhrases needs beamVariant 'transformers'");
  const missing = missingTokens(startTokenIds, requiredPhrases);
  const room = maxLength - (settings.endTokenIds.size > 0 ? 1 : 0);
  require(missing <=
    room, name, `requiredPhrases need ${missing} tokens, but maxLength (${maxLength}) leaves room for ${room}`);
  const isBanned = (phrase: readonly number[]): boolean => phrase.some((id) => bannedTokenIds.includes(id));
  const impossible = requiredPhrases.findIndex((alternatives) => alternatives.every(isBanned));
  require(impossible ===
    -1, name, `requiredPhrases[${impossible}] cannot occur: bannedTokenIds contains one of its tokens in each alternative`);
}

function require(condition: boolean, argument: OptionName, message: string): void {
  if (!condition) throw new InvalidArgumentError(argument, `${message}.`);
}
