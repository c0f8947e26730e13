import { type Command, Option } from 'commander';
import type { AddCommand } from '../console/add-command.js';
import { wholeNumber } from '../console/option-values.js';
import { queueOption } from './source-options.js';

const HELP_AFTER = `
The page is served on 127.0.0.1 alone, under an address with a random token. Keys: 1–9 accept a proposal,
E edit, D decorative, S skip, U undo, arrows move. Each decision is saved at once in the queue file.
With --terminal the same keys decide, Enter accepts the first proposal and Q ends; a pipe sends a line for each image.`;

interface GivenReviewOptions {
  readonly queue: string;
  readonly terminal?: true;
  readonly port?: number;
}

/** `captioneer alt review`: a person decides. */
export function addReviewCommand(alt: Command, start: Parameters<AddCommand>[1]): void {
  alt
    .command('review')
    .description('Opens a page on this machine on which each image gets its text: accept, edit, decorative, skip.')
    .addHelpText('after', HELP_AFTER)
    .addOption(queueOption())
    .addOption(new Option('--terminal', 'ask in the terminal instead'))
    .addOption(new Option('--port <n>', 'port of the page (default: any)').argParser(wholeNumber('--port', 0, 65_535)))
    .action(({ queue, terminal, port = 0 }: GivenReviewOptions) => {
      const settings = { queue, isTerminal: terminal === true, port };
      start(async (io, output) => (await import('./review.js')).reviewTexts(settings, output, io));
    });
}
