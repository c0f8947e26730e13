import { CommanderError } from 'commander';
import type { CaptionOptions } from '../index.js';
import { createCommand, type GivenOptions } from './create-command.js';
import type { Settings } from './settings.js';
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
  if (inputs.filter((input) => input === '-').length > 1) {
    throw new UsageError('-: standard input can be read only once');
  }
  if (inputs.includes('')) throw new UsageError('one of the arguments is empty; give a picture');
  return {
    inputs,
    isRecursive: given.recursive === true,
    model: given.model,
    numThreads: given.threads,
    caption: toCaptionOptions(given),
    isJson: given.json === true,
    isQuiet: given.quiet === true,
  };
}

function toCaptionOptions(given: GivenOptions): CaptionOptions {
  const { numBeams, numCaptions, minLength, maxLength, lengthPenalty, maxPixels, timeout } = given;
  return {
    ...(numBeams !== undefined && { numBeams }),
    ...(numCaptions !== undefined && { numCaptions }),
    ...(minLength !== undefined && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
    ...(lengthPenalty !== undefined && { lengthPenalty }),
    ...(maxPixels !== undefined && { maxPixels }),
    ...(timeout !== undefined && { timeoutMs: timeout * 1000 }),
  };
}

function checkAtMost(flag: string, value: number | undefined, maxFlag: string, max: number | undefined): void {
  if (value !== undefined && max !== undefined && value > max) {
    throw new UsageError(`${flag}: must be at most ${maxFlag} (${max}), not ${value}`);
  }
}
