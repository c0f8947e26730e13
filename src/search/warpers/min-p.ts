import type { LogitsProcessor } from '../logits-processors/index.js';
import { maximum } from '../scoring/maximum.js';
import { keepAbove } from './keep-above.js';

/** Keeps tokens at least `p` times as likely as the likeliest (Nguyen 2024, https://arxiv.org/abs/2407.01082). */
export function minPWarper(p: number): LogitsProcessor {
  return {
    name: 'minP',
    process(logits) {
      keepAbove(logits, maximum(logits) + Math.log(p));
    },
  };
}
