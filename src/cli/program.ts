import { Command, CommanderError } from 'commander';
import { addAltCommand } from './alt/command.js';
import { addCaptionCommand } from './caption/command.js';
import { addCopyModelCommand } from './copy-model/command.js';
import { addDatasetCommand } from './dataset/command.js';
import { addEvalCommand } from './eval/command.js';
import { addMcpCommand } from './mcp/command.js';
import { addModelsCommand } from './models/command.js';
import { addPullCommand } from './pull/command.js';
import type { AddCommand, Work } from './console/add-command.js';
import { addEnqueueCommand, addWorkerCommand } from './queue/command.js';
import { addServeCommand } from './serve/command.js';
import { UsageError } from './console/usage-error.js';

/** Longer lines are hard to read, however wide the terminal is. */
const MAX_HELP_WIDTH = 110;

/** Every command. The first one is the program's own: `captioneer photo.jpg`. */
const COMMANDS: readonly AddCommand[] = [
  addCaptionCommand,
  addModelsCommand,
  addPullCommand,
  addServeCommand,
  addDatasetCommand,
  addEnqueueCommand,
  addWorkerCommand,
  addCopyModelCommand,
  addEvalCommand,
  addAltCommand,
  addMcpCommand,
];

/** What the arguments ask for: work, or only a text (help, the version). */
export type Parsed =
  | { readonly kind: 'work'; readonly work: Work }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing'; readonly help: string };

/**
 * Reads the command line.
 *
 * @param argv without the program's own name
 * @param version what `--version` prints
 * @param columns width of the terminal
 * @throws UsageError
 */
export function parseCommandLine(argv: readonly string[], version: string, columns = 80): Parsed {
  let text = '';
  let work: Work | undefined;
  const program = new Command('captioneer')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    // Options after a command's name are that command's.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (part) => (text += part),
      writeErr: (part) => (text += part),
      outputError: () => undefined, // The same text comes as an exception, and the caller prints it.
      getOutHelpWidth: () => Math.min(columns, MAX_HELP_WIDTH),
      getErrHelpWidth: () => Math.min(columns, MAX_HELP_WIDTH),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const add of COMMANDS) add(program, (next) => (work = next));
  if (argv.length === 0) return { kind: 'nothing', help: program.helpInformation() };
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text };
    throw new UsageError(error.message.replace(/^error: /, ''));
  }
  if (work === undefined) throw new UsageError('give an image or a command');
  return { kind: 'work', work };
}
