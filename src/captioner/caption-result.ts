import type { Attention, CaptionRegion } from './caption-regions.js';
import type { GenderEvidence } from '../bias/index.js';
import type { ConfidenceFeature } from '../core/index.js';

/** One token of a caption. */
export interface CaptionToken {
  readonly id: number;
  /** The token as the vocabulary writes it. */
  readonly text: string;
  /** Natural logarithm of its probability, given the image and the tokens before it; at most 0. */
  readonly logProb: number;
  /** How undecided the model was: entropy of its distribution over next tokens, in nats; 0 if it was certain. */
  readonly entropy: number;
  /**
   * With the option `attention`, if the model tells it: how much it looked at each image region for this token, row by row from
   * the top left (`manifest.regions` gives the grid); sums to 1.
   */
  readonly attention?: Float32Array;
  /**
   * With the option `attention`, if the model has `regions`: how much of its attention was on each region of the result, in their
   * order. The rest, up to 1, was on the grid.
   */
  readonly regionAttention?: Float32Array;
}

/** One word of a caption: its tokens put together. */
export interface CaptionWord {
  /** As it stands in the caption, with punctuation that follows it. */
  readonly text: string;
  /** Natural logarithm of its probability, given the image and the words before it: the sum over its tokens. */
  readonly logProb: number;
  /** With the option `attention`, if the model tells it: the mean over its tokens; sums to 1. */
  readonly attention?: Float32Array;
  /** With the option `attention`, if the model has `regions`: the mean over its tokens. */
  readonly regionAttention?: Float32Array;
}

/**
 * Why a caption ended: the model ended it (`stop`), it was cut at `maxLength` (`length`), or a criterion of `stoppingCriteria`
 * ended it.
 */
export type FinishReason = 'stop' | 'length' | 'stopping-criterion';

/**
 * What to make of a caption's confidence: `confident`; `review` if a person should look at it, since the confidence is below the
 * model's `calibration.reviewThreshold`; `nothing-to-describe` if it is below `calibration.nothingThreshold`, the level of blank
 * images, so that the text is made up.
 */
export type CaptionAssessment = 'confident' | 'review' | 'nothing-to-describe';

/** The statistics of a search and of its image that tell something of whether the caption is right. */
export type CaptionStatistics = Readonly<Record<ConfidenceFeature, number>>;

/** A sentence about an image. */
export interface Caption {
  readonly text: string;
  /** `logProb / length ** lengthPenalty`: what the search ranks by; higher is better. */
  readonly score: number;
  /**
   * Natural logarithm of the whole caption's probability, its end included: at most 0. A forced `prefix` is given, and has
   * no part in it.
   */
  readonly logProb: number;
  /**
   * Estimated probability, 0 … 1, that the caption is right in the sense of the manifest's `calibration.definition`; compare it
   * with `calibration.baseRate`, the share of captions that are. Undefined if the manifest has no calibration. It is fitted on
   * captions of the model's own defaults; options that change what is said change what it is worth.
   */
  readonly confidence?: number;
  /** What to make of the confidence; undefined if there is none. */
  readonly assessment?: CaptionAssessment;
  /** What the confidence is computed from. */
  readonly statistics: CaptionStatistics;
  /** The tokens that were generated, without start, prefix and end. */
  readonly tokens: readonly CaptionToken[];
  /** The words that they make. */
  readonly words: readonly CaptionWord[];
  /** Why it ended. */
  readonly finishReason: FinishReason;
}

/** Where the time of a caption went, in milliseconds. */
export interface CaptionTiming {
  /** Reading and decoding the image. */
  readonly decodeMs: number;
  /** Resizing and normalising it. */
  readonly preprocessMs: number;
  /** Running the encoder's graph. */
  readonly encodeMs: number;
  /** The search: the decoder's graph and the choice of words. */
  readonly searchMs: number;
  /** The sum of these. */
  readonly totalMs: number;
}

/**
 * What captioning an image gives: the best caption, and the others that were asked for. `JSON.stringify` leaves out `captions`
 * if there is only one, and writes attention as arrays of numbers.
 */
export interface CaptionResult extends Caption {
  /** As many as `numCaptions` asked for, best first; the first is the result itself. */
  readonly captions: readonly Caption[];
  readonly timing: CaptionTiming;
  /** What the model's detector found, best first; undefined for a model without one. */
  readonly regions?: readonly CaptionRegion[];
  /** Only with the option `genderEvidence`. */
  readonly genderEvidence?: GenderEvidence;
}

/**
 * Puts captions together to a result that also makes good JSON.
 *
 * @param more what some models and options add
 */
export function toCaptionResult(
  captions: readonly Caption[],
  timing: CaptionTiming,
  more: {
    readonly regions?: readonly CaptionRegion[] | undefined;
    readonly genderEvidence?: GenderEvidence | undefined;
  } = {},
): CaptionResult {
  const others = {
    ...(more.regions && { regions: more.regions }),
    ...(more.genderEvidence && { genderEvidence: more.genderEvidence }),
  };
  const result = { ...(captions[0] as Caption), captions, timing, ...others };
  const toJSON = (): object => ({
    ...plainCaption(result),
    ...(captions.length > 1 && { captions: captions.map(plainCaption) }),
    timing,
    ...others,
  });
  // Not enumerable, so that a copy of a result is plain data.
  return Object.defineProperty(result, 'toJSON', { value: toJSON });
}

function plainCaption(caption: Caption): object {
  const { text, score, logProb, confidence, assessment, finishReason, statistics, tokens, words } = caption;
  return {
    text,
    score,
    logProb,
    confidence,
    assessment,
    finishReason,
    statistics,
    tokens: tokens.map(plainAttention),
    words: words.map(plainAttention),
  };
}

function plainAttention(part: Partial<Attention>): object {
  const { attention, regionAttention, ...others } = part;
  return {
    ...others,
    ...(attention && { attention: plainShares(attention) }),
    ...(regionAttention && { regionAttention: plainShares(regionAttention) }),
  };
}

function plainShares(shares: Float32Array): number[] {
  return Array.from(shares, (share) => Number(share.toFixed(5)));
}
