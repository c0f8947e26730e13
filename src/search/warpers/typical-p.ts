import type { LogitsProcessor } from '../logits-processors/index.js';
import { logSoftmax } from '../scoring/log-softmax.js';

/**
 * Keeps the tokens whose information is nearest to the expected one, the fewest whose probabilities add up to `p` at least
 * (Meister 2023, https://arxiv.org/abs/2202.00666).
 */
export function typicalPWarper(p: number): LogitsProcessor {
  return {
    name: 'typicalP',
    process(logits) {
      const logProbs = logits.slice();
      const entropy = logSoftmax(logProbs)?.entropy ?? 0;
      const oddity = (tokenId: number): number => Math.abs(-(logProbs[tokenId] as number) - entropy);
      const possible = [...logProbs.keys()].filter((tokenId) => (logProbs[tokenId] as number) > -Infinity);
      let sum = 0;
      for (const tokenId of possible.sort((a, b) => oddity(a) - oddity(b))) {
        if (sum >= p) logits[tokenId] = -Infinity;
        sum += Math.exp(logProbs[tokenId] as number);
      }
    },
  };
}
