import {
  EARLY_STOPPING,
  type GenerationDefaults,
  type SamplingDefaults,
  type SpecialTokens,
  type WarningListener,
} from '../../core/index.js';
import type { FieldReader } from '../../validate/index.js';

/** What a checkpoint says of the search, as this library counts. */
export interface CheckpointGeneration {
  readonly tokens: SpecialTokens;
  readonly generation: GenerationDefaults;
}

/** The sizes of a decoder that bound what a configuration says. */
export interface DecoderSizes {
  readonly vocabularySize: number;
  readonly maxPositions: number;
}

/** `generate` of transformers stops after so many new tokens if nothing is said, or if so many are said to be the longest. */
const DEFAULT_MAX_LENGTH = 20;
/** It draws from so many tokens if nothing is said. */
const DEFAULT_TOP_K = 50;
/** Longer lists of banned tokens, or phrases, are not those of a checkpoint. */
const MOST_BANNED = 100_000;

/**
 * Settings of `generate` that this library does not honour as a model's default, and the values at which they do nothing. Another
 * value gives a warning.
 */
const IGNORED: Readonly<Record<string, readonly unknown[]>> = {
  encoder_repetition_penalty: [1],
  encoder_no_repeat_ngram_size: [0],
  num_beam_groups: [1],
  diversity_penalty: [0],
  penalty_alpha: [0],
  begin_suppress_tokens: [],
  sequence_bias: [],
  exponential_decay_length_penalty: [],
  renormalize_logits: [false],
  remove_invalid_values: [false],
  guidance_scale: [1],
  constraints: [],
  force_words_ids: [],
  epsilon_cutoff: [0],
  eta_cutoff: [0],
  dola_layers: [],
  watermarking_config: [],
};

/**
 * Reads what `generation_config.json` says of the search or, if there is none, `config.json` and its part on the decoder, as
 * transformers does. Special tokens are looked for in all of them.
 *
 * @param generation undefined if the checkpoint has no such file
 * @param inner the decoder's part of `config`
 * @param onWarning hears of settings that have no effect here (`generation-field-ignored`)
 * @throws ManifestError which names the file, the field, what was expected and what was found
 */
export function readGeneration(
  generation: FieldReader | undefined,
  config: FieldReader,
  inner: FieldReader,
  decoder: DecoderSizes,
  onWarning?: WarningListener,
): CheckpointGeneration {
  const settings = generation ? [generation] : [config, inner];
  for (const fields of settings) warnOfIgnored(fields, onWarning);
  const everywhere = [...(generation ? [generation] : []), config, inner];
  const start = first(everywhere, 'decoder_start_token_id') ?? first(everywhere, 'bos_token_id');
  const end = first(everywhere, 'eos_token_id') ?? config.field('eos_token_id');
  const endIds = readIds(end, decoder);
  const tokens = {
    start: readIds(start ?? config.field('decoder_start_token_id'), decoder).slice(0, 1),
    end: endIds,
    ...readBanned(settings, decoder, endIds),
    ...readForced(settings, decoder),
  };
  return { tokens, generation: readDefaults(settings, decoder, tokens.forcedFirst === undefined ? 1 : 2) };
}

/** @param numStartTokens tokens that transformers counts as part of a caption and this library does not */
function readDefaults(
  settings: readonly FieldReader[],
  { maxPositions }: DecoderSizes,
  numStartTokens: number,
): GenerationDefaults {
  const read = <T>(name: string, how: (field: FieldReader) => T, otherwise: T): T => {
    const field = first(settings, name);
    return field ? how(field) : otherwise;
  };
  const whole = (field: FieldReader): number => field.integer(0);
  const earlyStopping = read('early_stopping', (field) => field.oneOf(EARLY_STOPPING), false);
  const repetitionPenalty = read('repetition_penalty', (field) => field.positive(), 1);
  // A number of new tokens leaves out the start token, but not a forced one.
  const counted = (name: string, newName: string, otherwise: number): number =>
    read(newName, (field) => whole(field) + 1, withStart(read(name, whole, otherwise))) - numStartTokens;
  const longest = Math.min(Math.max(counted('max_length', 'max_new_tokens', DEFAULT_MAX_LENGTH), 1), maxPositions);
  const shortest = Math.max(counted('min_length', 'min_new_tokens', 0), 0);
  const sampling = readSampling(settings);
  return {
    numBeams: read('num_beams', (field) => field.integer(1, 64), 1),
    lengthPenalty: read('length_penalty', (field) => field.number(), 1),
    minLength: Math.min(shortest, longest),
    maxLength: longest,
    noRepeatNgramSize: read('no_repeat_ngram_size', whole, 0),
    ...(earlyStopping !== false && { earlyStopping }),
    ...(repetitionPenalty !== 1 && { repetitionPenalty }),
    ...(sampling && { sampling }),
  };
}

/** The default length is one of new tokens, stated or not; others count the start token. */
function withStart(length: number): number {
  return length === DEFAULT_MAX_LENGTH ? length + 1 : length;
}

/** How tokens are drawn, if the checkpoint draws (`do_sample`); else these settings have no effect in transformers either. */
function readSampling(settings: readonly FieldReader[]): SamplingDefaults | undefined {
  if (!(first(settings, 'do_sample')?.boolean() ?? false)) return undefined;
  const share = (field: FieldReader): number => field.share();
  const read = <T>(name: string, how: (field: FieldReader) => T): T | undefined => {
    const field = first(settings, name);
    return field && how(field);
  };
  const sampling = {
    temperature: read('temperature', (field) => field.positive()),
    topK: read('top_k', (field) => field.integer(0)) ?? DEFAULT_TOP_K,
    topP: read('top_p', share),
    minP: read('min_p', share),
    typicalP: read('typical_p', share),
  };
  return Object.fromEntries(Object.entries(sampling).filter(([, value]) => value !== undefined));
}

type Banned = Pick<SpecialTokens, 'banned' | 'bannedPhrases'>;

/** As in transformers an end token alone is not banned by `bad_words_ids`. */
function readBanned(settings: readonly FieldReader[], decoder: DecoderSizes, endIds: readonly number[]): Banned {
  const suppressed = first(settings, 'suppress_tokens');
  const field = first(settings, 'bad_words_ids');
  const words = field ? atMost(field, MOST_BANNED).list((word) => readIds(word, decoder)) : [];
  if (words.some((ids) => ids.length === 0)) throw (field as FieldReader).error('words of at least one token');
  const alone = words.filter((ids) => ids.length === 1).flat();
  const phrases = words.filter((ids) => ids.length > 1);
  return {
    banned: [...(suppressed ? readIds(suppressed, decoder) : []), ...alone.filter((id) => !endIds.includes(id))],
    ...(phrases.length > 0 && { bannedPhrases: phrases }),
  };
}

function readForced(
  settings: readonly FieldReader[],
  decoder: DecoderSizes,
): Pick<SpecialTokens, 'forcedFirst' | 'forcedLast'> {
  const begin = first(settings, 'forced_bos_token_id');
  const end = first(settings, 'forced_eos_token_id');
  const [forcedFirst] = begin ? readIds(begin, decoder) : [];
  const [forcedLast] = end ? readIds(end, decoder) : [];
  return { ...(forcedFirst !== undefined && { forcedFirst }), ...(forcedLast !== undefined && { forcedLast }) };
}

/** One id or a list of them. */
function readIds(field: FieldReader, { vocabularySize }: DecoderSizes): number[] {
  const id = (item: FieldReader): number => item.integer(0, vocabularySize - 1);
  return field.isList ? atMost(field, MOST_BANNED).list(id) : [id(field)];
}

function atMost(field: FieldReader, count: number): FieldReader {
  if ((field.length ?? 0) > count) throw field.error(`a list of at most ${count}`);
  return field;
}

function warnOfIgnored(config: FieldReader, onWarning: WarningListener | undefined): void {
  for (const [name, neutral] of Object.entries(IGNORED)) {
    const field = config.field(name);
    if (!field.isGiven || field.length === 0 || neutral.some((value) => field.is(value))) continue;
    onWarning?.({
      code: 'generation-field-ignored',
      message: `${field.where} has no effect here: captions may differ from those of transformers. Give the options of captions that you need.`,
    });
  }
}

/** The first of several objects' fields of a name that is there and not null. */
function first(objects: readonly FieldReader[], name: string): FieldReader | undefined {
  return objects.map((object) => object.field(name)).find((field) => field.isGiven);
}
