import { CommanderError } from 'commander';
import type { CaptionOptions } from '../index.js';
import { createCommand, type GivenOptions } from './create-command.js';
import { flagOf, type Settings } from './settings.js';
import { UsageError } from './usage-error.js';

/** Beyond it lines are hard to read, however wide the terminal. */
const MAX_HELP_WIDTH = 110;

/** What the arguments ask for: work, or only a text (help, the version). */
export type Parsed =
  | { readonly kind: 'work'; readonly settings: Settings }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing'; readonly help: string };

/**
 * Reads the command line.
 *
 * @param argv without the program's own name
 * @param version what `--version` answers
 * @param columns width of the terminal
 * @throws UsageError
 */
export function parseArguments(argv: readonly string[], version: string, columns = 80): Parsed {
  let text = '';
  const command = createCommand(version)
    .exitOverride()
    .configureOutput({
      writeOut: (part) => (text += part),
      outputError: () => undefined, // It comes as an exception too, and is printed by the caller.
      getOutHelpWidth: () => Math.min(columns, MAX_HELP_WIDTH),
      getOutHasColors: () => false,
    });
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text };
    throw new UsageError(error.message.replace(/^error: /, ''));
  }
  if (command.args.length === 0) {
    command.outputHelp();
    return { kind: 'nothing', help: text };
  }
  return { kind: 'work', settings: toSettings(command.args, command.opts<GivenOptions>()) };
}

function toSettings(inputs: readonly string[], given: GivenOptions): Settings {
  const { numBeams, numCaptions, minLength, maxLength } = given;
  checkAtMost('--num-captions', numCaptions, '--num-beams', numBeams);
  checkAtMost('--min-length', minLength, '--max-length', maxLength);
  checkTogether(given);
  if (inputs.filter((input) => input === '-').length > 1) {
    throw new UsageError('-: standard input can be read only once');
  }
  if (inputs.includes('')) throw new UsageError('one of the arguments is empty; give a picture');
  return {
    inputs,
    isRecursive: given.recursive === true,
    model: given.model,
    revision: given.revision,
    dtype: given.dtype,
    numThreads: given.threads,
    caption: toCaptionOptions(given),
    isJson: given.json === true,
    isStreamed: given.stream === true,
    isQuiet: given.quiet === true,
  };
}

function toCaptionOptions(given: GivenOptions): CaptionOptions {
  const { sample, timeout, ban, require, numBeams, numCaptions, minLength, maxLength, lengthPenalty } = given;
  const { temperature, topP, seed, prefix, maxPixels } = given;
  const options = {
    strategy: sample && ('sample' as const),
    numBeams,
    numCaptions,
    minLength,
    maxLength,
    lengthPenalty,
    temperature,
    topP,
    seed,
    prefix,
    bannedWords: ban,
    requiredWords: require?.map((phrase) => phrase.split('|')),
    maxPixels,
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
  };
  // Only what was given; the library checks what goes together.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** @throws UsageError where two options cannot be honoured together */
function checkTogether(given: GivenOptions): void {
  const { sample, stream, json, numCaptions = 1 } = given;
  const drawing = (['temperature', 'topP', 'seed'] as const).find((name) => given[name] !== undefined);
  if (drawing !== undefined && !sample) throw new UsageError(`${flagOf(drawing) as string}: needs --sample`);
  if (sample && given.numBeams !== undefined) throw new UsageError('--num-beams: means nothing with --sample');
  if (stream && json) throw new UsageError('--stream: does not go together with --json');
  if (stream && numCaptions > 1) throw new UsageError('--stream: prints one caption; leave out --num-captions');
}

function checkAtMost(flag: string, value: number | undefined, maxFlag: string, max: number | undefined): void {
  if (value !== undefined && max !== undefined && value > max) {
    throw new UsageError(`${flag}: must be at most ${maxFlag} (${max}), not ${value}`);
  }
}
