import { Option } from 'commander';
import { realNumber, wholeNumber } from '../console/option-values.js';
import { UsageError } from '../console/usage-error.js';
import type { AddCommand } from '../console/add-command.js';
import { colour } from './colour.js';
import { OUTPUT_FORMATS } from './output-format.js';
import { HELP_AFTER } from './help.js';
import { toSettings, type GivenOptions } from './settings.js';
import { numberOption } from '../console/common-options.js';

/** Limits of the library, for the help and for messages that come before a model is loaded. */
const MAX_BEAMS = 64;
const MAX_THREADS = 256;

type OptionGroup = readonly [heading: string, options: readonly Option[]];

/** `captioneer [options] <image...>`: captions images. It is what the program does without the name of a command. */
export const addCaptionCommand: AddCommand = (program, start) => {
  program
    .description('Captions images, each in one sentence, on this machine.')
    .usage('[options] <image...>')
    .argument(
      '[image...]',
      'file, folder, pattern in quotes ("photos/*.jpg"), URL (http:, https:, file:, data:), or - for standard input',
    )
    .addHelpText('after', HELP_AFTER)
    .action((inputs: string[], given: GivenOptions) => {
      const settings = toSettings(inputs, given);
      start(async (io, output) => (await import('./caption-images.js')).captionImages(settings, output, io));
    });
  for (const [heading, options] of optionGroups()) {
    program.optionsGroup(heading);
    for (const option of options) program.addOption(option);
  }
};

function optionGroups(): OptionGroup[] {
  return [
    ['Images:', imageOptions()],
    ['Model:', modelOptions()],
    ['Captions (the model has its own defaults):', captionOptions()],
    ['Words:', wordOptions()],
    ['Sampling:', samplingOptions()],
    ['Output:', outputOptions()],
  ];
}

function imageOptions(): Option[] {
  return [
    new Option('-r, --recursive', 'search subfolders too'),
    new Option('--files-from <file>', 'read names of images from a file, one a line; - for standard input'),
    new Option(
      '--only-missing',
      'leave out images that have a description or alternative text: in EXIF, IPTC or XMP, or an .xmp file beside them',
    ),
    new Option('--background <colour>', 'colour behind transparent pixels: white, black, or #rrggbb').argParser(
      colour('--background'),
    ),
    numberOption('--max-pixels <n>', 'refuse images with more pixels', wholeNumber('--max-pixels', 1)),
    numberOption(
      '--timeout <seconds>',
      'longest wait for an image behind a URL (default: 30)',
      realNumber('--timeout', true),
    ),
  ];
}

/** Which model is loaded, and how. Every command that loads a model has these. */
export function modelOptions(): Option[] {
  return [
    new Option(
      '-m, --model <model>',
      'folder, URL, installed package, or hub id (owner/name); default: the built-in one',
    ),
    new Option('--revision <name>', 'branch, tag or commit of a model on the hub (default: main)'),
    new Option('--dtype <kind>', 'weights of a model in a public layout: fp32, fp16, q8, …'),
    new Option('--device <device>', 'what runs the model: cpu, cuda, coreml, directml, webgpu, wasm, auto'),
    numberOption(
      '--threads <n>',
      `processor threads, 1 to ${MAX_THREADS} (default: one for each core, at most 4)`,
      wholeNumber('--threads', 1, MAX_THREADS),
    ),
    new Option('--offline', 'do not ask the hub; use what has been downloaded'),
  ];
}

/** Options of captions that other commands have, too. */
export function captionOptions(): Option[] {
  return [
    numberOption(
      '--num-captions <n>',
      'captions for each image, best first',
      wholeNumber('--num-captions', 1, MAX_BEAMS),
    ),
    numberOption(
      '--num-beams <n>',
      `beams of the search, 1 to ${MAX_BEAMS}; 1 is greedy`,
      wholeNumber('--num-beams', 1, MAX_BEAMS),
    ),
    numberOption('--min-length <n>', 'fewest tokens (about words) of a caption', wholeNumber('--min-length', 0)),
    numberOption('--max-length <n>', 'most tokens of a caption', wholeNumber('--max-length', 1)),
    numberOption(
      '--length-penalty <x>',
      'above 0 favours long captions, below 0 short ones',
      realNumber('--length-penalty'),
    ),
    numberOption(
      '--unique-ngrams <n>',
      'no run of n tokens occurs twice; 0 allows repetition',
      wholeNumber('--unique-ngrams', 0),
    ),
    new Option('--repeat-words', 'allow a word right after itself'),
    new Option('--detail <kind>', 'short, detailed or paragraph; for models that are asked in words (florence-2)'),
    new Option('--gender <setting>', 'as-is, confident (only when the model is sure) or neutral'),
    numberOption(
      '--min-confidence <p>',
      'mark captions below this confidence with "?", 0 to 1',
      realNumber('--min-confidence'),
    ),
  ];
}

/** Options of captions that other commands have, too. */
export function wordOptions(): Option[] {
  return [
    new Option('--prefix <text>', 'how every caption begins, such as "a photo of"'),
    new Option('--prompt <text>', 'what captions continue; for models that were trained to (BLIP, GIT)'),
    new Option('--ban <phrase>', 'word or phrase that never occurs; may be given several times').argParser(gather),
    new Option(
      '--require <phrase>',
      'word or phrase that every caption contains ("dog|puppy": one of them); may be given several times; needs beams',
    ).argParser(gather),
  ];
}

/** Options of captions that other commands have, too. */
export function samplingOptions(): Option[] {
  return [
    new Option('--sample', 'draw words at random, by their probability'),
    numberOption(
      '--temperature <x>',
      'below 1 more likely words, above 1 less likely ones',
      realNumber('--temperature', true),
    ),
    numberOption('--top-k <n>', 'draw from the n most likely tokens', wholeNumber('--top-k', 0)),
    numberOption(
      '--top-p <x>',
      'draw from the most likely tokens that add up to x, 0 to 1',
      realNumber('--top-p', true),
    ),
    numberOption('--seed <n>', 'makes the result reproducible', wholeNumber('--seed', 0)),
  ];
}

function outputOptions(): Option[] {
  return [
    new Option('--format <format>', 'text (default), json (JSON Lines), csv, tsv, markdown or html').choices(
      OUTPUT_FORMATS,
    ),
    new Option('--json', 'print JSON Lines, with scores, tokens and timing; the same as --format json'),
    new Option('--alt', 'make alternative texts of the captions, with marks for those that need review'),
    new Option('-o, --output <file>', 'write to a file instead of standard output'),
    new Option(
      '--resume',
      'complete the file of --output: images that it has are not captioned again (json, csv, tsv)',
    ),
    new Option(
      '--attention <folder>',
      'draw what the model looked at for each word, as PNG: a file for each word and a sheet, in a folder for each image',
    ),
    new Option('--read-text', 'print the text in each image, not a caption; for models that read (florence-2)'),
    new Option('--stream', 'print each caption word by word'),
    new Option('-q, --quiet', 'no progress bar and no warnings; errors are still printed'),
  ];
}

/** Collects the values of an option that may be given more than once. */
function gather(value: string, before: readonly string[] = []): readonly string[] {
  if (value.trim() === '') throw new UsageError('a word or phrase is empty');
  return [...before, value];
}
