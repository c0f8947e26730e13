/** The names of a merged decoder's inputs and outputs, as published exports have them. */
export const MERGED_NAMES = {
  inputIds: 'input_ids',
  inputsEmbeds: 'inputs_embeds',
  hiddenStates: 'encoder_hidden_states',
  useCache: 'use_cache_branch',
  attentionMask: 'attention_mask',
  encoderAttentionMask: 'encoder_attention_mask',
  positionIds: 'position_ids',
  /** How many of the last logits are wanted. */
  numLogits: 'num_logits_to_keep',
  logits: 'logits',
  /** Outputs that are added to a graph that is taken apart: the logarithm of the sum of exponentials of the logits, and their entropy. */
  logSumExp: 'captioneer.log_sum_exp',
  entropy: 'captioneer.entropy',
  /** Before the name of a cache that the graph takes. */
  past: 'past_key_values.',
  /** Before the name of the same cache as the graph gives it back. */
  present: 'present.',
} as const;

/** Within the name of a cache of the image's keys and values, which the first step computes and later ones take as they are. */
const OF_THE_IMAGE = '.encoder.';

/** Whether a cache is of the image, if a graph has such caches. */
export function isOfTheImage(cache: string): boolean {
  return cache.includes(OF_THE_IMAGE);
}

/** The output that gives an input's cache back. */
export function presentName(past: string): string {
  return MERGED_NAMES.present + past.slice(MERGED_NAMES.past.length);
}

/** The input that takes an output's cache of the image at later steps; undefined for another output. */
function keptAs(output: string): string | undefined {
  if (!output.startsWith(MERGED_NAMES.present) || !isOfTheImage(output)) return undefined;
  return MERGED_NAMES.past + output.slice(MERGED_NAMES.present.length);
}

/** What a merged decoder takes at each step. */
export const DECODER_INPUTS = {
  ofTheImage: [MERGED_NAMES.hiddenStates, MERGED_NAMES.encoderAttentionMask],
  ofOneToken: [MERGED_NAMES.inputIds, MERGED_NAMES.inputsEmbeds, MERGED_NAMES.positionIds],
  useCache: MERGED_NAMES.useCache,
  keptAs,
  summary: MERGED_NAMES,
} as const;
