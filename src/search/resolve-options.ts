import { InvalidArgumentError } from '../core/index.js';
import type { LogitsProcessor } from './logits-processors/index.js';
import type { EarlyStopping, SearchOptions, SearchSettings } from './options.js';

/** The most beams that a search keeps. */
const MAX_BEAMS = 64;
/** The longest caption where no `maxLength` is given. */
const DEFAULT_MAX_LENGTH = 50;

type OptionName = keyof SearchOptions;
/** Options as they come from a caller whom no compiler checked. */
type UncheckedOptions = Readonly<Partial<Record<OptionName, unknown>>>;

const OPTION_NAMES = Object.keys({
  startTokenIds: true,
  endTokenIds: true,
  numBeams: true,
  numCaptions: true,
  lengthPenalty: true,
  minLength: true,
  maxLength: true,
  noRepeatNgramSize: true,
  earlyStopping: true,
  bannedTokenIds: true,
  logitsProcessors: true,
  signal: true,
} satisfies Record<OptionName, true>);

/**
 * Checks options and fills in the defaults. An option that is `undefined` counts as left out.
 *
 * @param limits of the decoder that is to be searched
 * @throws InvalidArgumentError that names the option
 */
export function resolveSearchOptions(
  options: SearchOptions,
  limits: { readonly vocabularySize: number; readonly maxPositions: number },
): SearchSettings {
  const given = readObject(options);
  const { vocabularySize } = limits;
  const numBeams = readInteger(given, 'numBeams', 1, MAX_BEAMS) ?? 1;
  const startTokenIds = readTokenIds(given, 'startTokenIds', vocabularySize);
  if (startTokenIds === undefined || startTokenIds.length === 0) {
    throw new InvalidArgumentError(
      'startTokenIds',
      'startTokenIds must name at least one token that captions start with.',
    );
  }
  const endTokenIds = readTokenIds(given, 'endTokenIds', vocabularySize);
  if (endTokenIds === undefined) {
    throw new InvalidArgumentError(
      'endTokenIds',
      'endTokenIds must list the tokens that end a caption; it may be empty.',
    );
  }
  const maxLength = readMaxLength(given, startTokenIds.length, limits.maxPositions);
  return {
    startTokenIds,
    endTokenIds: new Set(endTokenIds),
    numBeams,
    numCaptions: readInteger(given, 'numCaptions', 1, numBeams, 'numBeams') ?? 1,
    lengthPenalty: readFinite(given, 'lengthPenalty') ?? 1,
    minLength: readInteger(given, 'minLength', 0, maxLength, 'maxLength') ?? 0,
    maxLength,
    noRepeatNgramSize: readInteger(given, 'noRepeatNgramSize', 0) ?? 0,
    earlyStopping: readEarlyStopping(given),
    bannedTokenIds: readTokenIds(given, 'bannedTokenIds', vocabularySize) ?? [],
    logitsProcessors: readProcessors(given),
    signal: readSignal(given),
  };
}

function readObject(options: unknown): UncheckedOptions {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidArgumentError('options', `Search options must be an object, not ${describe(options)}.`);
  }
  const unknown = Object.keys(options).find((key) => !OPTION_NAMES.includes(key));
  if (unknown !== undefined) {
    const known = OPTION_NAMES.join(', ');
    throw new InvalidArgumentError(unknown, `There is no search option "${unknown}". There are: ${known}.`);
  }
  return options;
}

/** @param maxName the option that sets the upper bound, for the message */
function readInteger(
  options: UncheckedOptions,
  name: OptionName,
  min: number,
  max = Infinity,
  maxName?: OptionName,
): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const upper = maxName === undefined ? `${max}` : `${maxName} (${max})`;
  const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${upper}`;
  throw new InvalidArgumentError(name, `${name} must be an integer ${range}, not ${describe(value)}.`);
}

function readFinite(options: UncheckedOptions, name: OptionName): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError(name, `${name} must be a finite number, not ${describe(value)}.`);
}

function readMaxLength(options: UncheckedOptions, numStartTokens: number, maxPositions: number): number {
  if (numStartTokens > maxPositions) {
    throw new InvalidArgumentError(
      'startTokenIds',
      `startTokenIds has ${numStartTokens} tokens, but the decoder reads at most ${maxPositions}. Give fewer.`,
    );
  }
  const longest = maxPositions - numStartTokens + 1;
  const maxLength = readInteger(options, 'maxLength', 1);
  if (maxLength === undefined) return Math.min(DEFAULT_MAX_LENGTH, longest);
  if (maxLength <= longest) return maxLength;
  throw new InvalidArgumentError(
    'maxLength',
    `maxLength is ${maxLength}, but after ${numStartTokens} start token(s) the decoder, which reads at most ` +
      `${maxPositions} tokens, allows ${longest} at most.`,
  );
}

function readTokenIds(
  options: UncheckedOptions,
  name: OptionName,
  vocabularySize: number,
): readonly number[] | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    throw new InvalidArgumentError(name, `${name} must be an array of token ids, not ${describe(value)}.`);
  }
  const tokenIds: readonly unknown[] = value;
  const wrong = tokenIds.findIndex((id) => !(Number.isInteger(id) && Number(id) >= 0 && Number(id) < vocabularySize));
  if (wrong === -1) return [...tokenIds] as number[];
  throw new InvalidArgumentError(
    name,
    `${name}[${wrong}] must be a token id from 0 to ${vocabularySize - 1}, not ${describe(tokenIds[wrong])}.`,
  );
}

function readEarlyStopping(options: UncheckedOptions): EarlyStopping {
  const value = options.earlyStopping;
  if (value === undefined) return false;
  if (typeof value === 'boolean' || value === 'never') return value;
  throw new InvalidArgumentError(
    'earlyStopping',
    `earlyStopping must be true, false or 'never', not ${describe(value)}.`,
  );
}

function readProcessors(options: UncheckedOptions): readonly LogitsProcessor[] {
  const value = options.logitsProcessors;
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    throw new InvalidArgumentError('logitsProcessors', `logitsProcessors must be an array, not ${describe(value)}.`);
  }
  const processors: readonly unknown[] = value;
  const wrong = processors.findIndex((processor) => !isProcessor(processor));
  if (wrong === -1) return [...processors] as LogitsProcessor[];
  throw new InvalidArgumentError(
    'logitsProcessors',
    `logitsProcessors[${wrong}] must have a string "name" and a function "process".`,
  );
}

function isProcessor(value: unknown): value is LogitsProcessor {
  if (typeof value !== 'object' || value === null) return false;
  const { name, process } = value as Partial<Record<keyof LogitsProcessor, unknown>>;
  return typeof name === 'string' && typeof process === 'function';
}

function readSignal(options: UncheckedOptions): AbortSignal | undefined {
  const value = options.signal;
  if (value === undefined) return undefined;
  // Not instanceof: the signal may come from another realm.
  if (isAbortSignal(value)) return value;
  throw new InvalidArgumentError('signal', `signal must be an AbortSignal, not ${describe(value)}.`);
}

function isAbortSignal(value: unknown): value is AbortSignal {
  return typeof (value as Partial<AbortSignal> | null)?.throwIfAborted === 'function';
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function') return 'a function';
  return String(value);
}
