import type { ModelDescription } from '../../src/core/index.js';
import type { SearchOptions } from '../../src/search/index.js';

/** The search that the recordings of models were made by: it ends when no longer caption can win. */
export function recordedSearch(
  { tokens, generation }: Pick<ModelDescription, 'tokens' | 'generation'>,
  lengthPenalty: number,
  numBeams: string,
): SearchOptions {
  return {
    startTokenIds: tokens.start,
    endTokenIds: tokens.end,
    bannedTokenIds: tokens.banned,
    numBeams: Number(numBeams),
    lengthPenalty,
    maxLength: generation.maxLength,
    earlyStopping: 'never',
  };
}
