import type { LogitsProcessor } from './logits-processor.js';

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
