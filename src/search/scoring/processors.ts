import { bannedPhrases, bannedTokens, forcedEnd, minLengthRule, noRepeatNgram } from './forbidding-processors.js';
import { noRepeatWords } from './no-repeat-words.js';
import { requiredPhrasesRule } from './required-phrases.js';
import { logitBias, repetitionPenalty } from './reshaping-processors.js';
import { minPWarper, temperatureWarper, topKWarper, topPWarper, typicalPWarper } from './warpers.js';
import type { LogitsProcessor } from '../types/rules.js';
import type { SearchSettings } from '../types/search-settings.js';

/** What makes tokens likelier or less likely, in transformers' order; each is named after its option. */
export function reshapingProcessors(settings: SearchSettings): LogitsProcessor[] {
  const processors: LogitsProcessor[] = [];
  if (settings.logitBias.size > 0) processors.push(logitBias(settings.logitBias));
  if (settings.repetitionPenalty !== 1) processors.push(repetitionPenalty(settings.repetitionPenalty));
  return processors;
}

/** What forbids tokens, and does nothing else; each is named after its option. */
export function forbiddingProcessors(settings: SearchSettings): LogitsProcessor[] {
  const { noRepeatNgramSize, noRepeatWords: noRepeatTokenizer, requiredPhrases } = settings;
  const { minLength, maxLength, endTokenIds } = settings;
  const processors: LogitsProcessor[] = [];
  if (settings.bannedTokenIds.length > 0) processors.push(bannedTokens(settings.bannedTokenIds));
  if (settings.bannedPhrases.length > 0) processors.push(bannedPhrases(settings.bannedPhrases));
  if (noRepeatNgramSize > 0) processors.push(noRepeatNgram(noRepeatNgramSize, endTokenIds));
  if (noRepeatTokenizer) processors.push(noRepeatWords(noRepeatTokenizer, settings));
  if (minLength > 0 && endTokenIds.size > 0) processors.push(minLengthRule(minLength, endTokenIds));
  if (requiredPhrases.length > 0) processors.push(requiredPhrasesRule(requiredPhrases, maxLength, endTokenIds));
  // As in transformers the last: what others forbid, it allows.
  if (settings.forcedEndTokenId !== undefined) processors.push(forcedEnd(settings.forcedEndTokenId, maxLength));
  return processors;
}

/** What changes the distribution that tokens are drawn from, in transformers' order. */
export function warpers({ temperature, topK, topP, minP, typicalP }: SearchSettings): LogitsProcessor[] {
  const processors: LogitsProcessor[] = [];
  if (temperature !== 1) processors.push(temperatureWarper(temperature));
  if (topK > 0) processors.push(topKWarper(topK));
  if (topP < 1) processors.push(topPWarper(topP));
  if (minP > 0) processors.push(minPWarper(minP));
  if (typicalP < 1) processors.push(typicalPWarper(typicalP));
  return processors;
}
