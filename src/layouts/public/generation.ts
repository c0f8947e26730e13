import { EARLY_STOPPING, type GenerationDefaults, type SpecialTokens } from '../../core/index.js';
import type { FieldReader } from '../../validate/index.js';
import type { DecoderConfig } from '../vision-encoder-decoder/config.js';

/** What a checkpoint says of the search, as this library counts. */
export interface CheckpointGeneration {
  readonly tokens: SpecialTokens;
  readonly generation: GenerationDefaults;
}

/** `generate` of transformers stops there where nothing is said, the start token counted. */
const DEFAULT_MAX_LENGTH = 20;

/**
 * Settings of `generate` that this library cannot honour as a model's default, and the values at which they do nothing. Any
 * other value is refused: a model must not caption otherwise than its makers meant, unnoticed.
 */
const NEUTRAL: Readonly<Record<string, readonly unknown[]>> = {
  do_sample: [false],
  encoder_repetition_penalty: [1],
  encoder_no_repeat_ngram_size: [0],
  num_beam_groups: [1],
  diversity_penalty: [0],
  penalty_alpha: [0],
  forced_bos_token_id: [],
  forced_eos_token_id: [],
  begin_suppress_tokens: [],
  sequence_bias: [],
  exponential_decay_length_penalty: [],
  renormalize_logits: [false],
  guidance_scale: [1],
};

/**
 * Reads what `generation_config.json` says of the search or, where there is none, `config.json` and its part on the
 * decoder, as transformers does. Special tokens are looked for in all of them.
 *
 * @param generation undefined where the checkpoint has no such file
 * @throws ManifestError which names the file, the field, what was expected and what was found
 */
export function readGeneration(
  generation: FieldReader | undefined,
  config: FieldReader,
  decoder: DecoderConfig,
): CheckpointGeneration {
  const inner = config.field('decoder');
  const settings = generation ? [generation] : [config, inner];
  settings.forEach(checkNeutral);
  const everywhere = [...(generation ? [generation] : []), config, inner];
  const start = first(everywhere, 'decoder_start_token_id') ?? first(everywhere, 'bos_token_id');
  const end = first(everywhere, 'eos_token_id');
  return {
    tokens: {
      start: readIds(start ?? config.field('decoder_start_token_id'), decoder).slice(0, 1),
      end: readIds(end ?? config.field('eos_token_id'), decoder),
      banned: readBanned(settings, decoder),
    },
    generation: readDefaults(settings, decoder),
  };
}

function readDefaults(settings: readonly FieldReader[], { maxPositions }: DecoderConfig): GenerationDefaults {
  const read = <T>(name: string, how: (field: FieldReader) => T, otherwise: T): T => {
    const field = first(settings, name);
    return field ? how(field) : otherwise;
  };
  const whole = (field: FieldReader): number => field.integer(0);
  const earlyStopping = read('early_stopping', (field) => field.oneOf(EARLY_STOPPING), false);
  const repetitionPenalty = read('repetition_penalty', (field) => field.positive(), 1);
  // With their own lengths, transformers' settings count the start token, this library's do not.
  const maxLength = read('max_new_tokens', whole, read('max_length', whole, DEFAULT_MAX_LENGTH) - 1);
  const minLength = read('min_new_tokens', whole, read('min_length', whole, 0) - 1);
  const longest = Math.min(Math.max(maxLength, 1), maxPositions);
  return {
    numBeams: read('num_beams', (field) => field.integer(1, 64), 1),
    lengthPenalty: read('length_penalty', (field) => field.number(), 1),
    minLength: Math.min(Math.max(minLength, 0), longest),
    maxLength: longest,
    noRepeatNgramSize: read('no_repeat_ngram_size', whole, 0),
    ...(earlyStopping !== false && { earlyStopping }),
    ...(repetitionPenalty !== 1 && { repetitionPenalty }),
  };
}

function readBanned(settings: readonly FieldReader[], decoder: DecoderConfig): number[] {
  const suppressed = first(settings, 'suppress_tokens');
  return [...(suppressed ? readIds(suppressed, decoder) : []), ...readBannedWords(settings, decoder)];
}

function readBannedWords(settings: readonly FieldReader[], decoder: DecoderConfig): number[] {
  const field = first(settings, 'bad_words_ids');
  if (!field) return [];
  const words = field.list((word) => readIds(word, decoder));
  if (words.some((ids) => ids.length !== 1)) throw field.error('words of one token each');
  return words.flat();
}

/** One id or a list of them. */
function readIds(field: FieldReader, { vocabularySize }: DecoderConfig): number[] {
  const id = (item: FieldReader): number => item.integer(0, vocabularySize - 1);
  return field.isList ? field.list(id) : [id(field)];
}

function checkNeutral(config: FieldReader): void {
  for (const [name, neutral] of Object.entries(NEUTRAL)) {
    const field = config.field(name);
    if (!field.isGiven || neutral.some((value) => field.is(value))) continue;
    throw field.error(`${neutral.map(String).join(' or ') || 'nothing'}, since captioneer has no such default`);
  }
}

/** The first of several objects' fields of a name that is there and not null. */
function first(objects: readonly FieldReader[], name: string): FieldReader | undefined {
  return objects.map((object) => object.field(name)).find((field) => field.isGiven);
}
