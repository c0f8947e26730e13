import type { Command } from 'commander';
import type { CommandIo } from './command-io.js';
import type { Output } from './output.js';

/**
 * What a command does once its arguments have been read.
 *
 * @returns the exit code, one of `EXIT_CODE`
 */
export type Work = (io: CommandIo, output: Output) => Promise<number>;

/**
 * Adds a command to the program: its arguments, its options, and, as its action, a call of `start` with the work to do.
 * An action reads and checks its options only; it throws UsageError.
 */
export type AddCommand = (program: Command, start: (work: Work) => void) => void;
