import { type Command, Option } from 'commander';
import { modelOptions } from '../caption/command.js';
import { type GivenModelOptions, toModelSettings } from '../caption/settings.js';
import type { AddCommand } from '../console/add-command.js';
import { wholeNumber } from '../console/option-values.js';
import { gather, type GivenSourceOptions, queueOption, sourceCommand, toSourceSettings } from './source-options.js';
import type { WriteSettings } from './write.js';
import { numberOption } from '../console/common-options.js';

const HELP_AFTER = `
The queue file is JSON. It has each image with its place, what is around it, proposals with their
scores, and the reasons why a person should look: low-confidence, people, text-in-image, graphic
(screenshot, chart, logo), beams-disagree, link, …. An image is captioned once for a model and its
options; a run that was interrupted goes on. Images behind URLs are not fetched. No source file is
changed.

Examples:
  captioneer alt write src
  captioneer alt write "content/**/*.md" --root public --model vit-gpt2
  captioneer alt write src --model florence-2 --read-text`;

interface GivenWriteOptions extends GivenSourceOptions, GivenModelOptions {
  readonly queue: string;
  readonly root?: readonly string[];
  readonly numBeams: number;
  readonly numCaptions: number;
  readonly maxCharacters: number;
  readonly gender?: 'as-is' | 'confident' | 'neutral';
  readonly readText?: boolean;
}

/** `captioneer alt write`: captions what lacks text. */
export function addWriteCommand(alt: Command, start: Parameters<AddCommand>[1]): void {
  const command = sourceCommand(alt, 'write', 'Captions images without alternative text into a queue file.')
    .addHelpText('after', HELP_AFTER)
    .addOption(queueOption())
    .addOption(
      new Option(
        '--root <folder>',
        'where "/photo.jpg" is; may be given several times (default: public, static, src, assets, .)',
      ).argParser(gather),
    )
    .addOption(number('--num-beams <n>', 'beams of the search', wholeNumber('--num-beams', 1, 64), 4))
    .addOption(number('--num-captions <n>', 'texts proposed for an image', wholeNumber('--num-captions', 1, 64), 3))
    .addOption(number('--max-characters <n>', 'longest text', wholeNumber('--max-characters', 1), 125))
    .addOption(new Option('--gender <setting>', 'as-is, confident (only when the model is sure) or neutral'))
    .addOption(new Option('--read-text', 'add the text in each image, for models that read, such as florence-2'));
  for (const option of modelOptions()) command.addOption(option);
  command
    .addOption(new Option('-q, --quiet', 'no progress bar and no warnings'))
    .action((inputs: string[], given: GivenWriteOptions) => {
      const settings = toSettings(inputs, given);
      start(async (io, output) => (await import('./write.js')).writeTexts(settings, output, io));
    });
}

function toSettings(inputs: readonly string[], given: GivenWriteOptions): WriteSettings {
  const { numBeams, numCaptions, gender } = given;
  return {
    ...toSourceSettings(inputs, given),
    queue: given.queue,
    model: toModelSettings(given),
    caption: { numBeams, numCaptions, ...(gender !== undefined && { gender }) },
    policy: { maxCharacters: given.maxCharacters },
    readsText: given.readText === true,
    roots: given.root,
    isQuiet: given.quiet === true,
  };
}

function number(flags: string, description: string, parse: (text: string) => number, otherwise: number): Option {
  return numberOption(flags, description, parse).default(otherwise);
}
