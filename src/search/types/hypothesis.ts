/** A caption that a search found. */
export interface Hypothesis {
  /** The tokens that were generated, without start tokens and without the end token. */
  readonly tokenIds: readonly number[];
  /**
   * Natural logarithm of each token's probability, given the picture and the tokens before it. Where the caption is
   * finished, the end token's comes last, so there is one more than `tokenIds`; their sum is `logProb`. Rules that only
   * forbid tokens leave them as the model gave them, and so do temperature, top-k and the like; what changes scores
   * (`repetitionPenalty`, `logitBias`, `diversityPenalty`, a logits processor of your own) changes these too.
   */
  readonly tokenLogProbs: readonly number[];
  /**
   * How undecided the model was at each of `tokenLogProbs`: entropy of its distribution over next tokens, in nats, from
   * 0 to `log(vocabularySize)`.
   */
  readonly tokenEntropies: readonly number[];
  /** Natural logarithm of the caption's probability, its end included: the sum of `tokenLogProbs`. */
  readonly logProb: number;
  /** What the search ranks by, higher is better: `logProb / tokenLogProbs.length ** lengthPenalty`. */
  readonly score: number;
  /** Whether an end token ended it; false if it was cut at `maxLength` or by a stopping criterion. */
  readonly isFinished: boolean;
  /**
   * Where the decoder tells it: for each of `tokenIds`, the attention over the image regions `[regions]` of the step
   * whose logits chose the token.
   */
  readonly attention?: readonly Float32Array[];
}

/** A caption in the making: one row of the decoder's state. The fields are those of {@link Hypothesis}. */
export type PartialHypothesis = Omit<Hypothesis, 'score' | 'isFinished'>;

/** The caption of which nothing is generated yet. */
export const EMPTY_HYPOTHESIS: PartialHypothesis = Object.freeze({
  tokenIds: Object.freeze([]),
  tokenLogProbs: Object.freeze([]),
  tokenEntropies: Object.freeze([]),
  logProb: 0,
});

/** How a score depends on the length of a caption. */
export interface LengthRule {
  readonly lengthPenalty: number;
  /** Start tokens that count as if they had been generated. */
  readonly numCountedStartTokens: number;
}

/** The score by which captions are ranked, as in transformers' `generate`. */
export function lengthNormalizedScore(logProb: number, length: number, rule: LengthRule): number {
  return logProb / (length + rule.numCountedStartTokens) ** rule.lengthPenalty;
}

/** Turns a caption in the making into a result, finished by its end token or cut. */
export function toHypothesis(partial: PartialHypothesis, rule: LengthRule, isFinished: boolean): Hypothesis {
  const score = lengthNormalizedScore(partial.logProb, partial.tokenLogProbs.length, rule);
  return { score, isFinished, ...partial };
}
