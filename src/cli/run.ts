import type { CommandIo } from './console/command-io.js';
import { reportError } from './console/error-report.js';
import { EXIT_CODE } from './console/exit-code.js';
import { ModelError } from './console/open-model.js';
import { Output } from './console/output.js';
import { UsageError } from './console/usage-error.js';
import { parseCommandLine } from './program.js';

/**
 * The command `captioneer`.
 *
 * @param argv the arguments, without the program's own name
 * @returns the exit code, one of {@link EXIT_CODE}; it never rejects
 */
export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  const output = new Output(io);
  try {
    const parsed = parseCommandLine(argv, io.version, io.stdout.columns);
    switch (parsed.kind) {
      case 'text':
        await output.print(parsed.text);
        return EXIT_CODE.ok;
      case 'nothing':
        await output.printError(parsed.help);
        return EXIT_CODE.usage;
      case 'work':
        return await parsed.work(io, output);
    }
  } catch (error) {
    if (io.signal.aborted) return EXIT_CODE.interrupted;
    await output.printError(`captioneer: ${explain(error)}\n`);
    return exitCode(error);
  } finally {
    output.stopProgress();
  }
}

function explain(error: unknown): string {
  const { message } = reportError(error);
  return error instanceof UsageError ? `${message.replace(/\.$/, '')}. Try "captioneer --help".` : message;
}

function exitCode(error: unknown): number {
  if (error instanceof UsageError) return EXIT_CODE.usage;
  return error instanceof ModelError ? EXIT_CODE.model : EXIT_CODE.failed;
}
