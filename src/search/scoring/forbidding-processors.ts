import type { LogitsProcessor } from '../types/rules.js';

/** Forbids tokens everywhere. */
export function bannedTokens(tokenIds: readonly number[]): LogitsProcessor {
  return {
    name: 'bannedTokenIds',
    process(logits) {
      for (const tokenId of tokenIds) logits[tokenId] = -Infinity;
    },
  };
}

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

/** Forbids the end tokens until `minLength` tokens have been generated. */
export function minLengthRule(minLength: number, endTokenIds: ReadonlySet<number>): LogitsProcessor {
  return {
    name: 'minLength',
    process(logits, { tokenIds }) {
      if (tokenIds.length >= minLength) return;
      for (const tokenId of endTokenIds) logits[tokenId] = -Infinity;
    },
  };
}

/**
 * Forbids each token that would complete a run of `size` tokens that has occurred before (Paulus 2017,
 * https://arxiv.org/abs/1705.04304). Start tokens belong to the history. End tokens are exempt: they come once at most,
 * and a start token that is an end token too must not hold the end back.
 */
export function noRepeatNgram(size: number, endTokenIds: ReadonlySet<number>): LogitsProcessor {
  return {
    name: 'noRepeatNgramSize',
    process(logits, { startTokenIds, tokenIds }) {
      const history = [...startTokenIds, ...tokenIds];
      const prefix = history.length - size + 1; // where the run to be completed begins
      for (let at = 0; at < prefix; at++) {
        const last = history[at + size - 1] as number;
        if (!endTokenIds.has(last) && isSameRun(history, at, prefix, size - 1)) logits[last] = -Infinity;
      }
    },
  };
}

/** Lets nothing but the end follow the last token but one, with certainty. */
export function forcedEnd(tokenId: number, maxLength: number): LogitsProcessor {
  return {
    name: 'forcedEndTokenId',
    process(logits, { tokenIds }) {
      if (tokenIds.length + 1 !== maxLength) return;
      logits.fill(-Infinity);
      logits[tokenId] = 0;
    },
  };
}

function isSameRun(history: readonly number[], a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) {
    if (history[a + i] !== history[b + i]) return false;
  }
  return true;
}
