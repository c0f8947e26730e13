import { captionPictures } from './caption-pictures.js';
import type { CommandIo } from './command-io.js';
import { reportError } from './error-report.js';
import { EXIT_CODE } from './exit-code.js';
import { expandInputs } from './expand-inputs.js';
import { ModelError } from './open-model.js';
import { Output } from './output.js';
import { parseArguments } from './parse-arguments.js';
import type { Settings } from './settings.js';
import { UsageError } from './usage-error.js';

/**
 * The command `captioneer`.
 *
 * @param argv the arguments, without the program's own name
 * @returns the exit code, one of {@link EXIT_CODE}; it never rejects
 */
export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  const output = new Output(io);
  try {
    const parsed = parseArguments(argv, io.version, io.stdout.columns);
    switch (parsed.kind) {
      case 'text':
        await output.print(parsed.text);
        return EXIT_CODE.ok;
      case 'nothing':
        await output.printError(parsed.help);
        return EXIT_CODE.usage;
      case 'work':
        return await work(parsed.settings, io, output);
    }
  } catch (error) {
    if (io.signal.aborted) return EXIT_CODE.interrupted;
    await output.printError(`captioneer: ${explain(error)}\n`);
    return exitCode(error);
  }
}

async function work(settings: Settings, io: CommandIo, output: Output): Promise<number> {
  try {
    const inputs = await expandInputs(settings, io);
    const failures = await captionPictures(inputs, settings, output, io);
    return failures === 0 ? EXIT_CODE.ok : EXIT_CODE.failed;
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
