/** The names of an encoder's input and output, as published exports have them. */
export const ENCODER_NAMES = {
  pixelValues: 'pixel_values',
  lastHiddenState: 'last_hidden_state',
} as const;

/** The names of a merged decoder's inputs and outputs, as published exports have them. */
export const MERGED_NAMES = {
  inputIds: 'input_ids',
  hiddenStates: 'encoder_hidden_states',
  useCache: 'use_cache_branch',
  attentionMask: 'attention_mask',
  encoderAttentionMask: 'encoder_attention_mask',
  positionIds: 'position_ids',
  logits: 'logits',
  /** Before the name of a cache that the graph takes. */
  past: 'past_key_values.',
  /** Before the name of the same cache as the graph gives it back. */
  present: 'present.',
} as const;

/** Within the name of a cache of the picture's keys and values, which the first step computes and later ones take as they are. */
const OF_THE_PICTURE = '.encoder.';

/** Whether a cache is of the picture, if a graph has one. */
export function isOfThePicture(cache: string): boolean {
  return cache.includes(OF_THE_PICTURE);
}

/** The output that gives an input's cache back. */
export function presentName(past: string): string {
  return MERGED_NAMES.present + past.slice(MERGED_NAMES.past.length);
}
