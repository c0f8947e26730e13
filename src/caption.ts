/** One token of a caption. */
export interface CaptionToken {
  readonly id: number;
  /** The token as the vocabulary writes it. */
  readonly text: string;
  /** Natural logarithm of its probability, given the picture and the tokens before it; at most 0. */
  readonly logProb: number;
  /**
   * Where the model tells it: how much it looked at each image region for this token, row by row from the top left
   * (`manifest.regions` gives the grid); sums to 1.
   */
  readonly attention?: Float32Array;
}

/** A sentence about a picture. */
export interface Caption {
  readonly text: string;
  /** `logProb / length ** lengthPenalty`: what the search ranks by; higher is better. */
  readonly score: number;
  /** Natural logarithm of the whole caption's probability, its end included; at most 0. */
  readonly logProb: number;
  /** Its tokens without start and end. */
  readonly tokens: readonly CaptionToken[];
  /** Whether the model ended it; false where it was cut at `maxLength`. */
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
  readonly totalMs: number;
}

/** What captioning a picture gives: the best caption, and the others that were asked for. */
export interface CaptionResult extends Caption {
  /** As many as `numCaptions` asked for, best first; the first is the result itself. */
  readonly captions: readonly Caption[];
  readonly timing: CaptionTiming;
}
