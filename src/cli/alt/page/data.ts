import type { AltDecision, AltProposal, ImageContext, ReviewReason } from '../../../alt/index.js';

/** An image of the queue as the page gets it. */
export interface ReviewItem {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly src?: string;
  readonly hasImage: boolean;
  readonly context: ImageContext;
  readonly reasons: readonly ReviewReason[];
  readonly problem?: string;
  readonly proposals: readonly AltProposal[];
  readonly decision?: AltDecision;
}

/** What the page sends for a decision; without one it takes the last back. */
export interface DecisionMessage {
  readonly id: string;
  readonly decision?: AltDecision;
}
