import type { LogitsProcessor } from '../types/rules.js';

/** Adds to the scores of tokens. */
export function logitBias(bias: ReadonlyMap<number, number>): LogitsProcessor {
  return {
    name: 'logitBias',
    process(logits) {
      for (const [tokenId, addend] of bias) logits[tokenId] = (logits[tokenId] as number) + addend;
    },
  };
}

/**
 * Makes tokens that have occurred less likely (Keskar 2019, https://arxiv.org/abs/1909.05858): scores below 0 are multiplied
 * by the penalty, others divided. Start tokens belong to the history.
 */
export function repetitionPenalty(penalty: number): LogitsProcessor {
  return {
    name: 'repetitionPenalty',
    process(logits, { startTokenIds, tokenIds }) {
      for (const tokenId of new Set([...startTokenIds, ...tokenIds])) {
        const score = logits[tokenId] as number;
        logits[tokenId] = score < 0 ? score * penalty : score / penalty;
      }
    },
  };
}
