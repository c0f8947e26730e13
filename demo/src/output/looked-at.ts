import type { CaptionRegion, CaptionWord } from '../../../src/index.browser.js';

/** A thing that the model looked at for a word. */
export interface LookedAt {
  readonly region: CaptionRegion;
  /** Of the attention for the word, 0 … 1. */
  readonly share: number;
}

const MOST = 3;
const LEAST_SHARE = 0.05;

/** The things that the model looked at most for a word, most first; none without a detector or without attention. */
export function lookedAt(
  regions: readonly CaptionRegion[] = [],
  { regionAttention }: Pick<CaptionWord, 'regionAttention'> = {},
): LookedAt[] {
  return regions
    .map((region, index) => ({ region, share: regionAttention?.[index] ?? 0 }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST);
}
