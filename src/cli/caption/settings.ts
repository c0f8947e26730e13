import type { CaptionOptions } from '../../index.js';
import { type FormatSettings, type OutputFormat, RESUMABLE_FORMATS } from './output-format.js';
import type { ModelSettings } from '../console/open-model.js';
import { UsageError } from '../console/usage-error.js';

/** Options as the parser gives them: a value is there if the option was given. */
export interface GivenOptions extends GivenModelOptions {
  readonly recursive?: true;
  readonly filesFrom?: string;
  readonly background?: readonly [number, number, number];
  readonly maxPixels?: number;
  readonly timeout?: number;
  readonly numCaptions?: number;
  readonly numBeams?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly lengthPenalty?: number;
  readonly uniqueNgrams?: number;
  readonly repeatWords?: true;
  readonly detail?: string;
  readonly gender?: string;
  readonly minConfidence?: number;
  readonly prefix?: string;
  readonly prompt?: string;
  readonly ban?: readonly string[];
  readonly require?: readonly string[];
  readonly sample?: true;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly json?: true;
  readonly format?: OutputFormat;
  readonly alt?: true;
  readonly output?: string;
  readonly resume?: true;
  readonly stream?: true;
  readonly readText?: true;
  readonly attention?: string;
  readonly onlyMissing?: true;
}

/** Those that say which model is loaded, and how. */
export interface GivenModelOptions {
  readonly model?: string;
  readonly revision?: string;
  readonly dtype?: string;
  readonly device?: string;
  readonly threads?: number;
  readonly offline?: true;
  readonly quiet?: true;
}

/** Where results go, and how. Captions below `minConfidence` are marked; undefined leaves it to the model. */
interface OutputSettings extends FormatSettings {
  /** A file in the place of standard output. */
  readonly file: string | undefined;
  /** Whether that file is completed. */
  readonly isResumed: boolean;
}

/** What `captioneer <image...>` is asked for. */
export interface Settings {
  /** Files, folders, patterns, URLs and `-`, in the order given. */
  readonly inputs: readonly string[];
  /** A file with further names, or `-`. */
  readonly filesFrom: string | undefined;
  /** Whether subfolders are searched. */
  readonly isRecursive: boolean;
  readonly model: ModelSettings;
  /** What the library is given for each image. */
  readonly caption: CaptionOptions;
  readonly output: OutputSettings;
  /** Whether images that have a description are left alone. */
  readonly isOnlyMissing: boolean;
  /** A folder for heat maps of the attention. */
  readonly attention: string | undefined;
  /** Whether it is the text in images that is wanted, not captions. */
  readonly isTextRead: boolean;
  /** Whether captions are printed word by word. */
  readonly isStreamed: boolean;
  /** Whether there is no progress bar, and no line that counts unsure captions. */
  readonly isQuiet: boolean;
}

/** @throws UsageError for options that do not go together */
export function toSettings(inputs: readonly string[], given: GivenOptions): Settings {
  checkInputs(inputs, given);
  checkTogether(given);
  return {
    inputs,
    filesFrom: given.filesFrom,
    isRecursive: given.recursive === true,
    model: toModelSettings(given),
    caption: toCaptionOptions(given),
    output: toOutputSettings(given),
    isOnlyMissing: given.onlyMissing === true,
    attention: given.attention,
    isTextRead: given.readText === true,
    isStreamed: given.stream === true,
    isQuiet: given.quiet === true,
  };
}

function toOutputSettings(given: GivenOptions): OutputSettings {
  return {
    format: given.format ?? (given.json ? 'json' : 'text'),
    isAlt: given.alt === true,
    minConfidence: given.minConfidence,
    file: given.output,
    isResumed: given.resume === true,
  };
}

/** The part of the options that speaks of the model. */
export function toModelSettings(given: GivenModelOptions): ModelSettings {
  const { model, revision, dtype, device, threads, offline, quiet } = given;
  return {
    source: model,
    load: withoutUndefined({ revision, dtype, device, numThreads: threads, hub: offline && { offline } }),
    isQuiet: quiet === true,
  };
}

/** The part of the options that speaks of captions. */
export function toCaptionOptions(given: GivenOptions): CaptionOptions {
  const { sample, numBeams = 1, timeout, ban, require, repeatWords } = given;
  const { numCaptions, minLength, maxLength, lengthPenalty, uniqueNgrams, gender, detail } = given;
  const { temperature, topK, topP, seed, prefix, prompt, maxPixels, background } = given;
  return withoutUndefined({
    strategy: sample && (numBeams > 1 ? 'beam-sample' : 'sample'),
    numBeams: given.numBeams,
    numCaptions,
    minLength,
    maxLength,
    lengthPenalty,
    noRepeatNgramSize: uniqueNgrams,
    noRepeatWords: repeatWords && false,
    gender,
    detail,
    temperature,
    topK,
    topP,
    seed,
    prefix,
    prompt,
    bannedWords: ban,
    requiredWords: require?.map((phrase) => phrase.split('|')),
    maxPixels,
    background,
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
  });
}

/** Only what was given; the library checks what goes together. */
function withoutUndefined(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function checkInputs(inputs: readonly string[], { filesFrom }: GivenOptions): void {
  if (inputs.length === 0 && filesFrom === undefined) {
    throw new UsageError('give an image: a file, a folder, a pattern or a URL');
  }
  if (inputs.includes('')) throw new UsageError('one of the arguments is empty; give an image');
  if ([...inputs, filesFrom].filter((input) => input === '-').length > 1) {
    throw new UsageError('-: standard input can be read only once');
  }
}

/** @throws UsageError for two options of which one has no effect beside the other */
function checkTogether(given: GivenOptions): void {
  const { stream, json, numCaptions = 1, minConfidence } = given;
  checkOutput(given);
  checkReadText(given);
  if (stream && json) throw new UsageError('--stream: does not go together with --json');
  if (stream && numCaptions > 1) throw new UsageError('--stream: prints one caption; leave out --num-captions');
  if (minConfidence !== undefined && !(minConfidence >= 0 && minConfidence <= 1)) {
    throw new UsageError(`--min-confidence: must be a number from 0 to 1, not ${minConfidence}`);
  }
}

/** @throws UsageError for options of captions that the text in an image does not have */
function checkReadText(given: GivenOptions): void {
  if (!given.readText) return;
  const { stream, alt, attention, detail, gender, prompt } = given;
  const others = { '--stream': stream, '--alt': alt, '--attention': attention, '--detail': detail };
  const found = Object.entries({ ...others, '--gender': gender, '--prompt': prompt }).find(
    ([, value]) => value !== undefined,
  );
  if (found) throw new UsageError(`--read-text: does not go together with ${found[0]}`);
}

/** @throws UsageError for options of the output that do not go together */
function checkOutput({ stream, json, format, alt, output, resume, attention, onlyMissing }: GivenOptions): void {
  if (json && format !== undefined && format !== 'json')
    throw new UsageError('--json: does not go together with --format');
  if (stream && (format ?? 'text') !== 'text') throw new UsageError('--stream: prints text; leave out --format');
  if (stream && alt) throw new UsageError('--stream: does not go together with --alt');
  if (attention === '') throw new UsageError('--attention: give the name of a folder');
  if (stream && onlyMissing) throw new UsageError('--stream: does not go together with --only-missing');
  if (stream && attention !== undefined) throw new UsageError('--stream: does not go together with --attention');
  if (stream && output !== undefined) throw new UsageError('--stream: does not go together with --output');
  if (!resume) return;
  if (output === undefined) throw new UsageError('--resume: completes the file of --output; give one');
  if (!RESUMABLE_FORMATS.includes(format ?? (json ? 'json' : 'text'))) {
    throw new UsageError(`--resume: needs --format ${RESUMABLE_FORMATS.join(', ')}`);
  }
}
