import { Option } from 'commander';
import { captionOptions, modelOptions, samplingOptions, wordOptions } from '../caption/command.js';
import { toCaptionOptions, toModelSettings, type GivenOptions } from '../caption/settings.js';
import type { AddCommand } from '../console/add-command.js';
import { wholeNumber } from '../console/option-values.js';
import { UsageError } from '../console/usage-error.js';
import type { DatasetSettings } from './run-dataset.js';
import { numberOption, workersOption } from '../console/common-options.js';

const HELP_AFTER = `
A run that was ended, by Ctrl-C, kill -9 or a power failure, goes on where it ended when the same command is given again.
Images that cannot be captioned are in <output>.errors.jsonl, and are tried again by the next run.

Examples:
  captioneer dataset photos --output captions.jsonl
  captioneer dataset "photos/**/*.jpg" --output captions.parquet --sidecar
  captioneer dataset train-00000-of-00001.parquet --column image --output captions.parquet
  captioneer dataset shard-000000.tar --output captioned-000000.tar`;

interface GivenDatasetOptions extends GivenOptions {
  readonly output: string;
  readonly sidecar?: true;
  readonly xmp?: true;
  readonly column?: string;
  readonly onlyMissing?: true;
  readonly dryRun?: true;
  readonly overwrite?: true;
  readonly workers?: number;
  readonly batchSize?: number;
  readonly fullDecode?: true;
}

/** `captioneer dataset <input...>`: captions a library of images, in a form that a later run continues. */
export const addDatasetCommand: AddCommand = (program, start) => {
  const command = program
    .command('dataset')
    .description('Captions a library of images of any size into a file; a run that was ended can be continued.')
    .argument(
      '<input...>',
      'folder, pattern in quotes, list of names or URLs (.txt), tar archive, Parquet file, or image',
    )
    .requiredOption('-o, --output <file>', '.jsonl, .csv, .parquet or .tar (WebDataset)')
    .option('--sidecar', 'also write each caption beside its image: photo.txt for photo.jpg')
    .option(
      '--xmp',
      'also write each caption into an XMP file beside its image, as description and alternative text: photo.jpg.xmp',
    )
    .option('--only-missing', 'leave out images that have a text: such a file, or one in EXIF, IPTC or XMP')
    .option(
      '--column <name>',
      'column of Parquet files with the images: paths, URLs or bytes (default: image, path, url, …)',
    )
    .option('--dry-run', 'only count: what would be captioned; no model is loaded')
    .option('--overwrite', 'start again if the output exists')
    .option('--full-decode', 'decode large JPEGs at their full size')
    .addOption(workersOption())
    .addOption(
      numberOption(
        '--batch-size <n>',
        'images that are captioned together (default: 8)',
        wholeNumber('--batch-size', 1, 64),
      ),
    );
  for (const option of [...modelOptions(), ...captionOptions(), ...wordOptions(), ...samplingOptions()]) {
    if (option.long !== '--min-confidence') command.addOption(option);
  }
  command
    .addOption(new Option('-q, --quiet', 'no progress and no warnings'))
    .addHelpText('after', HELP_AFTER)
    .action((inputs: string[], given: GivenDatasetOptions) => {
      const settings = toDatasetSettings(inputs, given);
      // What reads and writes datasets is loaded by the command that needs it.
      start(async (io, output) => (await import('./run-dataset.js')).runDataset(settings, io, output));
    });
};

function toDatasetSettings(inputs: readonly string[], given: GivenDatasetOptions): DatasetSettings {
  const { output, workers, batchSize } = given;
  const [, extension = ''] = /\.([^./\\]+)$/.exec(output) ?? [];
  const format = FORMATS[extension.toLowerCase()];
  if (format === undefined)
    throw new UsageError(`--output: must end in .jsonl, .csv, .parquet or .tar, not "${output}"`);
  return {
    inputs,
    output,
    column: given.column,
    format,
    model: toModelSettings(given),
    caption: toCaptionOptions(given),
    numWorkers: workers,
    batchSize: batchSize ?? 8,
    isSidecarWritten: given.sidecar === true,
    isXmpWritten: given.xmp === true,
    isOnlyMissing: given.onlyMissing === true,
    isDryRun: given.dryRun === true,
    isOverwritten: given.overwrite === true,
    isDecodedInFull: given.fullDecode === true,
    isQuiet: given.quiet === true,
  };
}

const FORMATS: Readonly<Record<string, DatasetSettings['format']>> = {
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  csv: 'csv',
  parquet: 'parquet',
  tar: 'tar',
};
