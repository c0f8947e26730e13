import type { Calibration, ConfidenceFeature, LogisticRegression } from '../core/index.js';
import type { ImageStatistics } from '../preprocess/index.js';
import type { Hypothesis } from '../search/index.js';
import type { CaptionAssessment, CaptionStatistics } from './caption-result.js';

/** Below this confidence a caption is to be looked at if its model's calibration states no threshold. */
const REVIEW_THRESHOLD = 0.5;

/** Statistics over a caption's tokens, its end included, beside those of its image. */
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
function confidence(statistics: CaptionStatistics, calibration: Calibration): number {
  const { photograph } = calibration;
  return logistic(statistics, calibration) * (photograph ? logistic(statistics, photograph) : 1);
}

function logistic(statistics: CaptionStatistics, { intercept, weights }: LogisticRegression): number {
  const logit = Object.entries(weights).reduce(
    (sum, [name, weight]) => sum + weight * statistics[name as ConfidenceFeature],
    intercept,
  );
  return 1 / (1 + Math.exp(-logit));
}

/** A caption's confidence and what to make of it; nothing for a model without a calibration. */
export function assess(
  statistics: CaptionStatistics,
  calibration: Calibration | undefined,
): { readonly confidence?: number; readonly assessment?: CaptionAssessment } {
  if (calibration === undefined) return {};
  const { reviewThreshold = REVIEW_THRESHOLD, nothingThreshold = 0 } = calibration;
  const value = confidence(statistics, calibration);
  if (value < nothingThreshold) return { confidence: value, assessment: 'nothing-to-describe' };
  return { confidence: value, assessment: value < reviewThreshold ? 'review' : 'confident' };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
