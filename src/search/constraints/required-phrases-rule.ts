import type { LogitsProcessor } from '../logits-processors/index.js';
import { progressOf, type RequiredPhrase } from './required-phrases.js';

/**
 * Holds a caption's end back until every required phrase has been said, and allows no token after which those that are
 * missing would not fit into `maxLength` any more, the end token included.
 */
export function requiredPhrasesRule(
  phrases: readonly RequiredPhrase[],
  maxLength: number,
  endTokenIds: ReadonlySet<number>,
): LogitsProcessor {
  const roomForEnd = endTokenIds.size > 0 ? 1 : 0;
  return {
    name: 'requiredPhrases',
    process(logits, { startTokenIds, tokenIds }) {
      const progress = progressOf([...startTokenIds, ...tokenIds], phrases);
      if (progress.missing === 0) return;
      const room = Math.max(0, maxLength - tokenIds.length - 1 - roomForEnd);
      const kept = [...progress.next]
        .filter(([, missing]) => missing <= room)
        .map(([tokenId]) => [tokenId, logits[tokenId] as number] as const);
      if (progress.missingAfterOther > room) logits.fill(-Infinity);
      for (const tokenId of [...endTokenIds, ...progress.next.keys()]) logits[tokenId] = -Infinity;
      for (const [tokenId, score] of kept) logits[tokenId] = score;
    },
  };
}
