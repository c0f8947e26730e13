import { type Command, Option } from 'commander';
import { wholeNumber } from '../console/option-values.js';
import type { AddCommand } from '../console/add-command.js';
import { addApplyCommand } from './apply-command.js';
import { addReviewCommand } from './review-command.js';
import type { ScanSettings } from './scan.js';
import { type GivenSourceOptions, sourceCommand, toSourceSettings } from './source-options.js';
import { addWriteCommand } from './write-command.js';

const HELP_AFTER = `
HTML, Markdown, MDX, JSX, TSX, Vue, Svelte, Astro, Nunjucks (also Liquid, Jinja, Twig) are read. In a folder,
files of these kinds are searched for, without node_modules and names that begin with a dot.
An empty text (alt="") says that the image is decoration; it is left alone. In Markdown, ![](photo.jpg) has no text.

Exit code of scan and lint:
  0    nothing was found
  1    something was found, or a file could not be read
  2    the command line is wrong

Examples:
  captioneer alt scan src
  captioneer alt scan "content/**/*.md" --format github
  captioneer alt lint src --format sarif > alt.sarif
  captioneer alt write src
  captioneer alt review
  captioneer alt apply --dry-run`;

/** `captioneer alt …`: alternative texts in the files of a site. */
export const addAltCommand: AddCommand = (program, start) => {
  const alt = program
    .command('alt')
    .description('Finds, writes, reviews and applies alternative texts in the files of a site.')
    .usage('<command> [options]')
    .helpCommand(false)
    .addHelpText('after', HELP_AFTER);
  addScanCommands(alt, start);
  addWriteCommand(alt, start);
  addReviewCommand(alt, start);
  addApplyCommand(alt, start);
};

interface GivenScanOptions extends GivenSourceOptions {
  readonly format: ScanSettings['format'];
  readonly maxCharacters?: number;
  readonly quiet?: true;
}

function addScanCommands(alt: Command, start: Parameters<AddCommand>[1]): void {
  const scan = sourceCommand(alt, 'scan', 'Lists images without alternative text; exit code 1 if there are any.');
  const lint = sourceCommand(
    alt,
    'lint',
    'Lists poor alternative texts: file names, "image of", too long, repeated.',
  ).addOption(
    new Option('--max-characters <n>', 'longest text that is no finding (default: 125)').argParser(
      wholeNumber('--max-characters', 1),
    ),
  );
  for (const command of [scan, lint]) {
    command
      .addOption(
        new Option('--format <format>', 'text, json, sarif, or github (annotations of a workflow)')
          .choices(['text', 'json', 'sarif', 'github'])
          .default('text'),
      )
      .addOption(new Option('-q, --quiet', 'no line that counts'))
      .action((inputs: string[], given: GivenScanOptions) => {
        const settings: ScanSettings = {
          ...toSourceSettings(inputs, given),
          mode: command === scan ? 'scan' : 'lint',
          format: given.format,
          lint: given.maxCharacters === undefined ? {} : { maxCharacters: given.maxCharacters },
          isQuiet: given.quiet === true,
        };
        start(async (io, output) => (await import('./scan.js')).scan(settings, output, io));
      });
  }
}
