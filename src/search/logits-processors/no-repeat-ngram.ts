import type { LogitsProcessor } from './logits-processor.js';

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

function isSameRun(history: readonly number[], a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) {
    if (history[a + i] !== history[b + i]) return false;
  }
  return true;
}
