import { applyQueue, type AppliedFile, readQueue, writeQueue } from '../../alt/index.js';
import type { CommandIo } from '../console/command-io.js';
import { count } from '../console/count.js';
import { reportError } from '../console/error-report.js';
import { EXIT_CODE } from '../console/exit-code.js';
import type { Output } from '../console/output.js';

/** What `captioneer alt apply` is asked for. */
export interface ApplySettings {
  readonly queue: string;
  readonly isDryRun: boolean;
  readonly minConfidence: number | undefined;
  readonly components: readonly string[];
}

/**
 * Writes the texts of a queue into source files, or prints the differences.
 *
 * @returns the exit code: 1 if a file was refused
 */
export async function applyTexts(settings: ApplySettings, output: Output, io: CommandIo): Promise<number> {
  const queue = await readQueue(settings.queue);
  const {
    files,
    errors,
    queue: left,
  } = await applyQueue(queue, {
    isDryRun: settings.isDryRun,
    components: settings.components,
    ...(settings.minConfidence !== undefined && { minConfidence: settings.minConfidence }),
    onProgress: (now) => writeQueue(settings.queue, now),
    signal: io.signal,
  });
  if (settings.isDryRun) await output.print(await differences(files));
  for (const error of errors) await output.printError(`captioneer: ${reportError(error).message}\n`);
  const texts = files.reduce((sum, file) => sum + file.count, 0);
  const undecided = left.items.filter(({ decision }) => decision === undefined).length;
  const what = `${count(texts, 'text')} in ${count(files.length, 'file')}`;
  const lines = [
    settings.isDryRun ? `captioneer: ${what} would be written.` : `captioneer: ${what} written.`,
    ...(undecided > 0 && !settings.isDryRun ? [`${count(undecided, 'image')} left without a decision.`] : []),
  ];
  await output.printError(`${lines.join(' ')}\n`);
  return errors.length === 0 ? EXIT_CODE.ok : EXIT_CODE.failed;
}

/** A patch that `git apply` and `patch -p1` take. */
async function differences(files: readonly AppliedFile[]): Promise<string> {
  const { createTwoFilesPatch } = await import('diff');
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
  return files
    .map(({ file, before, after }) => {
      const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, text(before), text(after), '', '', { context: 3 });
      return patch.replace(/^=+\n/, '').replace(/^(--- .*|\+\+\+ .*)\t$/gm, '$1');
    })
    .join('');
}
