import type { CaptionStatistics } from './confidence.js';

/** One token of a caption. */
export interface CaptionToken {
  readonly id: number;
  /** The token as the vocabulary writes it. */
  readonly text: string;
  /** Natural logarithm of its probability, given the picture and the tokens before it; at most 0. */
  readonly logProb: number;
  /** How undecided the model was: entropy of its distribution over next tokens, in nats; 0 where it was certain. */
  readonly entropy: number;
  /**
   * Where the model tells it: how much it looked at each image region for this token, row by row from the top left
   * (`manifest.regions` gives the grid); sums to 1.
   */
  readonly attention?: Float32Array;
}

/** One word of a caption: its tokens put together. */
export interface CaptionWord {
  /** As it stands in the caption, with punctuation that follows it. */
  readonly text: string;
  /** Natural logarithm of its probability, given the picture and the words before it: the sum over its tokens. */
  readonly logProb: number;
  /** Where the model tells it: the attention over the image regions, the mean over its tokens; sums to 1. */
  readonly attention?: Float32Array;
}

/** A sentence about a picture. */
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
   * Probability that the caption is right, 0 … 1, where the model's manifest has a `calibration`, which also says what right
   * means. It is fitted on captions of the model's own defaults; options that change what is said change what it is worth.
   */
  readonly confidence?: number;
  /** What the confidence is computed from. */
  readonly statistics: CaptionStatistics;
  /** The tokens that were generated, without start, prefix and end. */
  readonly tokens: readonly CaptionToken[];
  /** The words that they make. */
  readonly words: readonly CaptionWord[];
  /** Whether a person should check the caption; undefined if the model has no calibration. */
  readonly assessment?: 'confident' | 'review' | 'nothing-to-describe';
  /** Why the caption ended. */
  readonly finishReason?: 'stop' | 'length' | 'stopping-criterion';
  /** Whether the model ended it; false where it was cut at `maxLength` or by a stopping criterion. */
  readonly isFinished: boolean;
}

/** Where the time of a caption went, in milliseconds. */
export interface CaptionTiming {
  /** Reading and decoding the picture. */
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

/** What captioning a picture gives: the best caption, and the others that were asked for. */
export interface CaptionResult extends Caption {
  /** As many as `numCaptions` asked for, best first; the first is the result itself. */
  readonly captions: readonly Caption[];
  readonly timing: CaptionTiming;
}
