import type { RequiredPhrase } from '../types/search-settings.js';
import type { LogitsProcessor } from '../types/rules.js';

/** How far a row has come with the phrases that it must contain. */
export interface Progress {
  /** The fewest tokens in which all can still be said; 0 if all have been. */
  readonly missing: number;
  /** The same, were a token to come that belongs to no phrase. */
  readonly missingAfterOther: number;
  /** Tokens that begin a phrase or carry it on, and `missing` after each. */
  readonly next: ReadonlyMap<number, number>;
}

/** The progress of a row, from its tokens alone. */
export function progressOf(tokenIds: readonly number[], phrases: readonly RequiredPhrase[]): Progress {
  const unmet = unmetPhrases(tokenIds, phrases);
  const next = new Map<number, number>();
  for (const alternative of unmet.flat()) {
    for (const at of new Set([0, begunLength(tokenIds, alternative)])) {
      const tokenId = alternative[at] as number;
      if (!next.has(tokenId)) next.set(tokenId, missingTokens([...tokenIds, tokenId], phrases));
    }
  }
  return { missing: missingTokens(tokenIds, phrases), missingAfterOther: fewestTokens(unmet), next };
}

/** The fewest tokens in which the phrases that a row lacks can be said, one of them perhaps begun at its end. */
export function missingTokens(tokenIds: readonly number[], phrases: readonly RequiredPhrase[]): number {
  const unmet = unmetPhrases(tokenIds, phrases);
  const saved = unmet.map((phrase) => shortest(phrase) - shortest(phrase, tokenIds));
  return fewestTokens(unmet) - Math.max(0, ...saved);
}

function unmetPhrases(tokenIds: readonly number[], phrases: readonly RequiredPhrase[]): RequiredPhrase[] {
  return phrases.filter((phrase) => !phrase.some((alternative) => contains(tokenIds, alternative)));
}

function fewestTokens(phrases: readonly RequiredPhrase[]): number {
  return phrases.reduce((sum, phrase) => sum + shortest(phrase), 0);
}

/** The fewest tokens that say a phrase; if `begun` is given, what its end has of the phrase already is not counted. */
function shortest(phrase: RequiredPhrase, begun: readonly number[] = []): number {
  return Math.min(...phrase.map((alternative) => alternative.length - begunLength(begun, alternative)));
}

/** How many of the first tokens of `phrase`, not all, are the last of `tokenIds`. */
function begunLength(tokenIds: readonly number[], phrase: readonly number[]): number {
  for (let length = Math.min(phrase.length - 1, tokenIds.length); length > 0; length--) {
    const start = tokenIds.length - length;
    if (phrase.slice(0, length).every((tokenId, index) => tokenIds[start + index] === tokenId)) return length;
  }
  return 0;
}

function contains(tokenIds: readonly number[], phrase: readonly number[]): boolean {
  return tokenIds.some((_, start) => phrase.every((tokenId, index) => tokenIds[start + index] === tokenId));
}

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
