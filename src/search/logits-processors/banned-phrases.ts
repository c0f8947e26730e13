import type { LogitsProcessor } from './logits-processor.js';

/** Forbids each token that would complete one of the phrases. Start tokens belong to the history. */
export function bannedPhrases(phrases: readonly (readonly number[])[]): LogitsProcessor {
  return {
    name: 'bannedPhrases',
    process(logits, { startTokenIds, tokenIds }) {
      const history = [...startTokenIds, ...tokenIds];
      for (const phrase of phrases) {
        const start = history.length - (phrase.length - 1);
        const last = phrase[phrase.length - 1] as number;
        const isAtIt = phrase.every(
          (tokenId, index) => index === phrase.length - 1 || history[start + index] === tokenId,
        );
        if (isAtIt) logits[last] = -Infinity;
      }
    },
  };
}
