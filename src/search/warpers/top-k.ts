import { TopList } from '../candidates/top-list.js';
import type { LogitsProcessor } from '../logits-processors/index.js';
import { keepAbove } from './keep-above.js';

/** Keeps the `k` likeliest tokens, and those as likely as the last of them (Fan 2018, https://arxiv.org/abs/1805.04833). */
export function topKWarper(k: number): LogitsProcessor {
  return {
    name: 'topK',
    process(logits) {
      const best = new TopList<number>(k, (a, b) => b - a);
      let threshold = -Infinity;
      for (let i = 0; i < logits.length; i++) {
        const logit = logits[i] as number;
        if (logit <= threshold) continue;
        best.offer(logit);
        threshold = best.worst ?? threshold;
      }
      keepAbove(logits, threshold);
    },
  };
}
