import { bannedTokens, type LogitsProcessor, minLengthRule, noRepeatNgram } from './logits-processors/index.js';
import type { SearchSettings } from './options.js';

/** The rules that the settings ask for; each is named after its option. All they do is to forbid tokens. */
export function builtInProcessors(settings: SearchSettings): LogitsProcessor[] {
  const { bannedTokenIds, noRepeatNgramSize, minLength, endTokenIds } = settings;
  const processors: LogitsProcessor[] = [];
  if (bannedTokenIds.length > 0) processors.push(bannedTokens(bannedTokenIds));
  if (noRepeatNgramSize > 0) processors.push(noRepeatNgram(noRepeatNgramSize, endTokenIds));
  if (minLength > 0 && endTokenIds.size > 0) processors.push(minLengthRule(minLength, endTokenIds));
  return processors;
}
