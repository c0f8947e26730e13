import type { LogitsProcessor } from './logits-processor.js';

/** Adds to the scores of tokens. */
export function logitBias(bias: ReadonlyMap<number, number>): LogitsProcessor {
  return {
    name: 'logitBias',
    process(logits) {
      for (const [tokenId, addend] of bias) logits[tokenId] = (logits[tokenId] as number) + addend;
    },
  };
}
