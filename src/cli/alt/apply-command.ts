import { type Command, Option } from 'commander';
import type { AddCommand } from '../console/add-command.js';
import { realNumber } from '../console/option-values.js';
import { UsageError } from '../console/usage-error.js';
import type { ApplySettings } from './apply.js';
import { componentOption, queueOption } from './source-options.js';

const HELP_AFTER = `
Texts are written that a person accepted or edited ("captioneer alt review"). A file that has changed
since "captioneer alt write" is refused, and so is an edit that would not give the intended text; the
other files are written.

Exit code:
  0    everything was written
  1    a file was refused

Examples:
  captioneer alt apply --dry-run
  captioneer alt apply
  captioneer alt apply --min-confidence 0.6`;

interface GivenApplyOptions {
  readonly queue: string;
  readonly dryRun?: true;
  readonly minConfidence?: number;
  readonly component?: readonly string[];
}

/** `captioneer alt apply`: writes the texts into the source files. */
export function addApplyCommand(alt: Command, start: Parameters<AddCommand>[1]): void {
  alt
    .command('apply')
    .description('Writes the texts of the queue file into the source files; nothing else in them changes.')
    .addHelpText('after', HELP_AFTER)
    .addOption(queueOption())
    .addOption(new Option('--dry-run', 'print the differences, and change nothing'))
    .addOption(
      new Option(
        '--min-confidence <p>',
        'also write the best proposal of images without a decision, if no review is needed and its confidence is at least p, 0 to 1',
      ).argParser(realNumber('--min-confidence')),
    )
    .addOption(componentOption())
    .action((given: GivenApplyOptions) => {
      const settings = toSettings(given);
      start(async (io, output) => (await import('./apply.js')).applyTexts(settings, output, io));
    });
}

function toSettings({ queue, dryRun, minConfidence, component = [] }: GivenApplyOptions): ApplySettings {
  if (minConfidence !== undefined && !(minConfidence >= 0 && minConfidence <= 1)) {
    throw new UsageError(`--min-confidence: must be a number from 0 to 1, not ${minConfidence}`);
  }
  return { queue, isDryRun: dryRun === true, minConfidence, components: component };
}
