/** The name of an image encoder's input. */
export const PIXEL_VALUES = 'pixel_values';

/** The names by which an encoder's graph tells of the boxes of a detector, the best first, float32 each. */
export const REGION_NAMES = {
  /** `[1, boxes, 4]`: left, top, right and bottom as shares of the image's width and height, 0 … 1. */
  boxes: 'regions.boxes',
  /** `[1, boxes]`: the index of each box's kind among the manifest's labels. */
  labels: 'regions.labels',
  /** `[1, boxes]`: 0 … 1; 0 from where there are no more. */
  scores: 'regions.scores',
} as const;

/** The names by which a decoder's graph and this library understand each other. */
export const DECODER_NAMES = {
  inputIds: 'input_ids',
  logits: 'logits',
  attention: 'attention',
  /** `[rows, 1]`, with `entropy`: the logarithm of the sum of `exp(logits)`. */
  logSumExp: 'log_sum_exp',
  /** `[rows, 1]`, with `log_sum_exp`: the entropy of `softmax(logits)`, in nats. */
  entropy: 'entropy',
  /** The picture as vectors in front of the text, `[pictures, length, width]`: whole at the first step, empty afterwards. */
  prefix: 'prefix',
  /** Before the name of a state tensor that the graph takes. */
  past: 'past.',
  /** Before the name of the same tensor as the graph gives it back. */
  present: 'present.',
  /** Before its name if the encoder gives its first value; else it starts empty. */
  initial: 'initial.',
} as const;
