import type { Calibration, ConfidenceFeature } from '../core/index.js';
import type { ImageStatistics } from '../preprocess/index.js';
import type { Hypothesis } from '../search/index.js';

/** The statistics of a search and of its picture that tell something of whether the caption is right. */
export type CaptionStatistics = Readonly<Record<ConfidenceFeature, number>>;

/** Statistics over a caption's tokens, its end included, beside those of its picture. */
export function captionStatistics(
  { tokenLogProbs, tokenEntropies }: Pick<Hypothesis, 'tokenLogProbs' | 'tokenEntropies'>,
  image: ImageStatistics,
): CaptionStatistics {
  return {
    meanLogProb: mean(tokenLogProbs),
    minLogProb: Math.min(...tokenLogProbs),
    meanEntropy: mean(tokenEntropies),
    maxEntropy: Math.max(...tokenEntropies),
    length: tokenLogProbs.length,
    ...image,
  };
}

/** The probability that a caption with these statistics is right, as the calibration has it: above 0, below 1. */
export function confidence(statistics: CaptionStatistics, { intercept, weights }: Calibration): number {
  const logit = Object.entries(weights).reduce(
    (sum, [name, weight]) => sum + weight * statistics[name as ConfidenceFeature],
    intercept,
  );
  return 1 / (1 + Math.exp(-logit));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
