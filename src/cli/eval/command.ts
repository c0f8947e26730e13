import { Option } from 'commander';
import { modelOptions } from '../caption/command.js';
import { realNumber, wholeNumber } from '../console/option-values.js';
import { UsageError } from '../console/usage-error.js';
import type { AddCommand } from '../console/add-command.js';
import { type GivenEvalOptions, toEvalSettings } from './settings.js';
import { numberOption } from '../console/common-options.js';

const HELP_AFTER = `
References and captions:
  Read are TSV and CSV with a header (image, caption; Kaggle's captions.txt), Flickr8k tokens
  (image.jpg#0<TAB>caption), COCO JSON, Karpathy's JSON, JSON Lines, and a JSON object from image
  to captions. A row that cannot be read is counted and named.

Output, in the folder of --out:
  captions/<name>.jsonl   the captions of each model. If a run is interrupted, the same command continues it.
  embeddings/<name>.jsonl with --clip: the vectors of images and captions; a second run asks for new ones only
  report.json             all figures
  report.html             the same for people, in one file: tables, charts, examples
  judge.html              with --judge: a page to judge captions on, without the names of the systems

Examples:
  captioneer eval --images photos --references captions.tsv
  captioneer eval --model default --model small=./my-model --images dev.tar --references dev.tsv --split-name dev
  captioneer eval --captions theirs=results.json --references captions_val2014.json
  captioneer eval --images photos --references captions.tsv --clip Xenova/clip-vit-base-patch32
`;

/** `captioneer eval`: runs models, or takes captions made elsewhere, and reports how good they are. */
export const addEvalCommand: AddCommand = (program, start) => {
  const command = program
    .command('eval')
    .description('Evaluates models, or captions made elsewhere, against reference captions.')
    .usage('--references <file> [options]')
    .addHelpText('after', HELP_AFTER)
    .action((given: GivenEvalOptions) => {
      const settings = toEvalSettings(given);
      start(async (io, output) => (await import('./run-evaluation.js')).runEvaluation(settings, output, io));
    });
  for (const [heading, options] of optionGroups()) {
    command.optionsGroup(heading);
    for (const option of options) command.addOption(option);
  }
};

function optionGroups(): (readonly [heading: string, options: readonly Option[]])[] {
  return [
    [
      'What is evaluated:',
      [
        new Option(
          '-m, --model <model>',
          'folder, URL, installed package, hub id, or "default"; name=… names it; may be given several times',
        ).argParser(gather),
        new Option(
          '--captions <file>',
          'captions made elsewhere; name=file names them; may be given several times',
        ).argParser(gather),
        new Option('--references <file>', 'reference captions'),
        new Option('--images <path>', 'folder or tar file with the images'),
        new Option('--split <name>', 'only this split of the references, if their file names splits'),
        new Option('--split-name <name>', 'which split the references are, for the report (default: --split)'),
        new Option('--title <text>', 'name of the data, for the report'),
        new Option('--chosen-on <text>', 'what was chosen on these images, for the report'),
        new Option('--training <file>', 'captions that models were trained on: tells how many they repeat'),
        new Option(
          '--clip <model>',
          'a CLIP in the public ONNX layout, for CLIPScore and retrieval: folder, URL or hub id, such as Xenova/clip-vit-base-patch32',
        ),
        new Option('--clip-dtype <kind>', 'weights of --clip: fp32 (default), fp16, q8, …'),
        new Option('--embeddings <file>', 'in the place of --clip: vectors of an image-text model (JSON Lines)'),
        numberOption('--limit <n>', 'only the first n images of the references', wholeNumber('--limit', 1)),
      ],
    ],
    ['How models are loaded:', modelOptions().filter(({ long }) => long !== '--model')],
    [
      'Captions (a model has its own defaults):',
      [
        numberOption('--num-beams <n>', 'beams of the search; 1 is greedy', wholeNumber('--num-beams', 1, 64)),
        numberOption('--length-penalty <x>', 'above 0 favours long captions', realNumber('--length-penalty')),
        new Option('--gender <setting>', 'as-is, confident (only when the model is sure) or neutral'),
        new Option(
          '--no-gender-evidence',
          'leave out the curve of gender error against coverage, which makes labelled images take four times as long',
        ),
      ],
    ],
    [
      'Output:',
      [
        new Option('-o, --out <folder>', 'folder for captions and reports (default: captioneer-eval)'),
        new Option('--thumbnails <which>', 'images in the report: examples (default), all or none'),
        numberOption('--samples <n>', 'bootstrap samples (default: 1000)', wholeNumber('--samples', 100, 100_000)),
        numberOption('--seed <n>', 'seed of bootstrap samples (default: 0)', wholeNumber('--seed', 0)),
        new Option('--judge [n]', 'write a page to judge captions of n images on (default: 100)').argParser(
          wholeNumber('--judge', 1),
        ),
        new Option(
          '--judgements <file>',
          'what the judging page saved; its counts go into the report; may be given several times',
        ).argParser(gather),
        new Option('--json', 'print the report as JSON instead of a table'),
        new Option('-q, --quiet', 'no progress bar and no warnings; errors are still printed'),
      ],
    ],
  ];
}

function gather(value: string, before: readonly string[] = []): readonly string[] {
  if (value.trim() === '') throw new UsageError('the value of an option is empty');
  return [...before, value];
}
