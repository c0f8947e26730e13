import type { LogitsProcessor } from './logits-processor.js';

/** Forbids tokens everywhere. */
export function bannedTokens(tokenIds: readonly number[]): LogitsProcessor {
  return {
    name: 'bannedTokenIds',
    process(logits) {
      for (const tokenId of tokenIds) logits[tokenId] = -Infinity;
    },
  };
}
