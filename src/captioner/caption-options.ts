import {
  CAPTION_DETAILS,
  InvalidArgumentError,
  type CaptionDetail,
  type DecodeImageOptions,
  GENDER_SETTINGS,
  type GenderSetting,
  type GenerationDefaults,
  type ModelDescription,
  type PromptedTask,
  type Tokenizer,
} from '../core/index.js';
import type {
  BeamOptions,
  BeamVariantOptions,
  CommonSearchOptions,
  SamplingOptions,
  SearchOptions,
  SearchStrategyName,
  TokenOptions,
} from '../search/index.js';
import { impliedStrategy } from '../search/options/check-combination.js';
import { DECODE_OPTIONS, OptionReader, readDecodeOptions } from '../validate/index.js';
import { OPTION_NAMES, type OptionName } from '../search/options/option-names.js';
import { encodeWords, type WordOptions } from './word-options.js';

/**
 * How one image is captioned. What is left out, the model's manifest decides (`captioner.manifest.generation`); banned tokens are
 * added to those that the model bans. `signal` stops the reading of the image, and the search between two words.
 *
 * Options that a strategy has no use for are an error, never ignored.
 */
export interface CaptionOptions
  extends DecodeImageOptions, CommonSearchOptions, BeamOptions, BeamVariantOptions, SamplingOptions, WordOptions {
  /**
   * How next words are chosen. Default `'beam'`, which with one beam is greedy search; with options of sampling (`seed`,
   * `temperature`, `topK`, `topP`, `minP`, `typicalP`) `'sample'`, or `'beam-sample'` if `numBeams` is more than 1.
   */
  readonly strategy?: SearchStrategyName;
  /**
   * How much captions tell: `short`, a sentence; `detailed`, more than one; `paragraph`. Only for models that are asked in words
   * (`manifest.tasks`), such as `florence-2`; for others it is an error. Default `short`.
   */
  readonly detail?: CaptionDetail;
  /** Whether tokens and words of the result tell how much the model looked at each image region. Default false. */
  readonly attention?: boolean;
  /**
   * Whether captions say if people are men or women, boys or girls: `as-is`, what the model says; `confident`, only if the model is
   * sure of it in four views of the image, each of which is encoded if it shows people, and else `person`, `child`, `people`;
   * `neutral`, never. Only for models that write English, unless `as-is`. How often each is wrong: docs/guides/bias.md. Default: the
   * manifest's, or `as-is`.
   */
  readonly gender?: GenderSetting;
  /**
   * Whether the result has what `gender: 'confident'` decides by: the evidence and the captions of each verdict, for curves of
   * error against coverage. It takes about four times as long, and is not counted in `timing`. Default false.
   */
  readonly genderEvidence?: boolean;
}

type Key = keyof CaptionOptions;

/** What the model decides, and the signal. */
const TOKEN_KEYS = [
  'startTokenIds',
  'endTokenIds',
  'numCountedStartTokens',
  'forcedEndTokenId',
  'tokenizer',
  'signal',
] as const satisfies readonly (keyof TokenOptions | 'signal')[];
/** Those of the search that a caller gives. */
const SEARCH_KEYS = OPTION_NAMES.filter(
  (name): name is Exclude<OptionName, keyof TokenOptions | 'signal'> =>
    !(TOKEN_KEYS as readonly string[]).includes(name),
);
const WORD_KEYS = ['prefix', 'prompt', 'bannedWords', 'requiredWords'] as const satisfies readonly Key[];
const OWN_KEYS = ['attention', 'gender', 'genderEvidence', 'detail'] as const satisfies readonly Key[];

/** The names of all options of a caption. */
export const CAPTION_OPTIONS: readonly Key[] = [
  ...new Set<Key>([...SEARCH_KEYS, ...WORD_KEYS, ...DECODE_OPTIONS, ...OWN_KEYS]),
];

/** What has no effect on the text that is read in an image. */
const NOT_OF_TEXT: readonly Exclude<Key, keyof ReadTextOptions>[] = ['detail', 'prompt', 'gender', 'genderEvidence'];

/** How the text in an image is read: the options of captions, but for those that say what a caption tells. */
export type ReadTextOptions = Omit<CaptionOptions, 'detail' | 'prompt' | 'gender' | 'genderEvidence'>;

/** What a call asks of the model. */
export type Asked = 'caption' | 'text';

/** Where options that somebody may look for here belong. */
const ELSEWHERE = Object.fromEntries(
  ['dtype', 'revision', 'device', 'numThreads', 'hub', 'limits', 'progress', 'onWarning', 'runtime'].map((name) => [
    name,
    'load()',
  ]),
);

/**
 * Reads a call's options: none unknown, all of the form that a call's are.
 *
 * @param of the function that is called
 * @param more names of further options that it has
 * @throws InvalidArgumentError which names the option
 */
export function readCaptionOptions<More extends string = never>(
  options: unknown,
  of: string,
  more: readonly More[] = [],
): OptionReader<Key | More> {
  return new OptionReader<Key | More>(options, [...CAPTION_OPTIONS, ...more], { of, elsewhere: ELSEWHERE });
}

/** {@link readCaptionOptions}, for the reading of text. */
export function readTextOptions(options: unknown, of: string): OptionReader<Key> {
  const names = CAPTION_OPTIONS.filter((name) => !(NOT_OF_TEXT as readonly Key[]).includes(name));
  const elsewhere = { ...ELSEWHERE, ...Object.fromEntries(NOT_OF_TEXT.map((name) => [name, 'caption()'])) };
  return new OptionReader<Key>(options, names, { of, elsewhere });
}

/** A call's options, taken apart. */
export interface SplitOptions {
  /** Those of the search, completed from the manifest. */
  readonly searching: SearchOptions;
  /** Those of reading the image. */
  readonly decoding: DecodeImageOptions;
  /** The tokens of the text that captions begin with. */
  readonly prefix: readonly number[];
  /** Whether the result tells the attention. */
  readonly hasAttention: boolean;
  /** What captions say of gender. */
  readonly gender: GenderSetting;
  /** What the encoder is asked; undefined if the model takes no prompt. */
  readonly prompt: string | undefined;
  /** Whether the result has the evidence of gender. */
  readonly hasGenderEvidence: boolean;
}

/**
 * Takes a call's options apart.
 *
 * @param options of which `given` knows that all are known
 * @throws InvalidArgumentError for an option that is wrong, in words that the model lacks, or that asks what it cannot answer
 */
export function splitCaptionOptions(
  options: CaptionOptions,
  given: OptionReader<Key>,
  { manifest, tokenizer }: { readonly manifest: ModelDescription; readonly tokenizer: Tokenizer },
  asked: Asked,
): SplitOptions {
  const task = asked === 'text' ? readingTask(manifest) : captionTask(manifest, given);
  const decoding = readDecodeOptions(given);
  const hasAttention = given.boolean('attention') ?? false;
  const gender = given.oneOf('gender', GENDER_SETTINGS) ?? manifest.gender?.setting ?? 'as-is';
  const hasGenderEvidence = given.boolean('genderEvidence') ?? false;
  checkPrompt(options, manifest);
  const { prefix, bannedPhrases, requiredPhrases } = encodeWords(options, tokenizer);
  const { tokens } = manifest;
  const forcedFirst = tokens.forcedFirst === undefined ? [] : [tokens.forcedFirst];
  const startTokenIds = [...tokens.start, ...forcedFirst, ...prefix];
  const phrases = [...(tokens.bannedPhrases ?? []), ...bannedPhrases];
  const searching = {
    ...generationDefaults(manifest, task, options, startTokenIds.length, prefix.length),
    ...pick(options, SEARCH_KEYS),
    startTokenIds,
    endTokenIds: tokens.end,
    // A text that captions begin with is not generated; a forced token alone counts as if it were.
    ...(prefix.length === 0 && { numCountedStartTokens: forcedFirst.length }),
    ...(tokens.forcedLast !== undefined && { forcedEndTokenId: tokens.forcedLast }),
    tokenizer,
    bannedTokenIds: join(tokens.banned, options.bannedTokenIds),
    ...(phrases.length > 0 && { bannedPhrases: join(phrases, options.bannedPhrases) }),
    ...(requiredPhrases.length > 0 && { requiredPhrases: join(requiredPhrases, options.requiredPhrases) }),
    ...pick(options, ['signal']),
  };
  return {
    searching: searching as unknown as SearchOptions,
    decoding,
    prefix,
    hasAttention,
    gender,
    hasGenderEvidence,
    prompt: task?.prompt,
  };
}

/** @throws InvalidArgumentError for a `detail` of a model that gives captions of one kind */
function captionTask({ tasks, name }: ModelDescription, given: OptionReader<Key>): PromptedTask | undefined {
  const detail = given.oneOf('detail', CAPTION_DETAILS);
  if (tasks) return tasks[detail ?? 'short'];
  if (detail === undefined) return undefined;
  const message = `${name} gives captions of one kind. Leave out detail, or load a model that is asked in words, such as 'florence-2'.`;
  throw new InvalidArgumentError('detail', message);
}

/** @throws InvalidArgumentError for a `prompt` of a model that takes none */
function checkPrompt({ prompt }: CaptionOptions, { name, promptUse, tasks }: ModelDescription): void {
  if (prompt === undefined || promptUse !== undefined) return;
  const advice = tasks
    ? 'Leave it out; detail chooses between the prompts that the model was trained with.'
    : 'Leave it out, or give the text as prefix, if captions are to begin with it.';
  throw new InvalidArgumentError('prompt', `${name} takes no prompt. ${advice}`);
}

/** @throws InvalidArgumentError if the model cannot read */
function readingTask({ tasks, name }: ModelDescription): PromptedTask {
  if (tasks?.text) return tasks.text;
  const message = `${name} cannot read the text in an image. Load a model that can, such as 'florence-2'.`;
  throw new InvalidArgumentError('model', message);
}

/** The manifest's defaults, as far as the strategy has a use for them and the text that captions begin with leaves room. */
function generationDefaults(
  { generation, maxPositions }: ModelDescription,
  task: PromptedTask | undefined,
  options: CaptionOptions,
  numStartTokens: number,
  numPrefixTokens: number,
): object {
  const { numCaptions, maxLength: asked } = options;
  const strategy = strategyOf(generation, options);
  const { lengthPenalty, noRepeatNgramSize, noRepeatWords, repetitionPenalty, numBeams } = generation;
  const hasBeams = strategy === 'beam' || strategy === 'beam-sample';
  const longest = task?.maxLength ?? generation.maxLength;
  const inPrompt = generation.countsPrompt === false ? 0 : countInPrompt(options, longest, numPrefixTokens);
  const maxLength = Math.max(1, Math.min(longest - inPrompt, maxPositions - numStartTokens + 1));
  return {
    lengthPenalty,
    noRepeatNgramSize,
    ...(noRepeatWords !== undefined && { noRepeatWords }),
    ...(repetitionPenalty !== undefined && { repetitionPenalty }),
    maxLength,
    minLength: Math.max(0, Math.min(generation.minLength - inPrompt, asked ?? maxLength)),
    ...(hasBeams && { numBeams: enoughBeams(numBeams, numCaptions), ...beamDefaults(generation, options) }),
    ...(generation.sampling && (strategy === 'sample' || strategy === 'beam-sample') && generation.sampling),
    strategy,
  };
}

/** Tokens of the prompt, which a model's own lengths count, unless it says that they do not: those of a call never do. */
function countInPrompt({ prompt, maxLength }: CaptionOptions, longest: number, numPrefixTokens: number): number {
  if (prompt === undefined) return 0;
  if (maxLength !== undefined || numPrefixTokens < longest) return numPrefixTokens;
  const message = `prompt has ${numPrefixTokens} tokens, and captions of this model have at most ${longest} with it. Shorten it, or give maxLength, which counts what follows it.`;
  throw new InvalidArgumentError('prompt', message);
}

/** The strategy that a call asks for or, if it asks for none, the model's: drawing, if it draws by itself. */
function strategyOf({ sampling, numBeams }: GenerationDefaults, options: CaptionOptions): SearchStrategyName {
  const isAsked = ASKING.some((name) => options[name] !== undefined);
  if (sampling === undefined || isAsked) return impliedStrategy(options);
  return numBeams > 1 ? 'beam-sample' : 'sample';
}

/** Options by which a call asks for a strategy. */
const ASKING = [
  'strategy',
  'numBeams',
  'numBeamGroups',
  'beamVariant',
  'earlyStopping',
  'requiredWords',
  'requiredPhrases',
] as const satisfies readonly Key[];

/** A beam for each caption that is asked for; a number that is none is left to the search to refuse. */
function enoughBeams(numBeams: number, numCaptions: unknown): number {
  return typeof numCaptions === 'number' && numCaptions > numBeams ? numCaptions : numBeams;
}

/** Options that only transformers' beam search has. */
const TRANSFORMERS_ONLY = [
  'earlyStopping',
  'numBeamGroups',
  'requiredWords',
  'requiredPhrases',
] as const satisfies readonly Key[];

/** The manifest's variant of beams or, with transformers' own, when they end: `earlyStopping` has no effect with another. */
function beamDefaults(
  { earlyStopping, beamVariant = 'transformers' }: GenerationDefaults,
  options: CaptionOptions,
): Partial<GenerationDefaults> {
  const needsTransformers =
    impliedStrategy(options) === 'beam-sample' || TRANSFORMERS_ONLY.some((name) => options[name] !== undefined);
  const variant = options.beamVariant ?? (needsTransformers ? 'transformers' : beamVariant);
  if (variant !== 'transformers') return { beamVariant: variant };
  return earlyStopping === undefined ? {} : { earlyStopping };
}

/** The model's own list, or that of options in words, and the caller's; what is not a list is left to the search to refuse. */
function join<T>(own: readonly T[], given: readonly T[] = []): readonly T[] {
  const list: unknown = given;
  return Array.isArray(list) ? [...own, ...given] : given;
}

/** The named properties that are not undefined. */
function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Partial<
    Pick<T, K>
  >;
}
