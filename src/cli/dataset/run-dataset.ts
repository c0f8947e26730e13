import { appendFile, rm } from 'node:fs/promises';
import {
  captionDataset,
  datasetImages,
  writeTable,
  type DatasetFailure,
  type DatasetProgress,
  type TableFormat,
} from '../../dataset/index.js';
import { countDataset } from '../../dataset/count.js';
import type { CaptionOptions } from '../../index.js';
import type { CommandIo } from '../console/command-io.js';
import { count } from '../console/count.js';
import { reportImageError } from '../console/error-report.js';
import { EXIT_CODE } from '../console/exit-code.js';
import { loadWorkers } from '../console/load-workers.js';
import type { ModelSettings } from '../console/open-model.js';
import type { Output } from '../console/output.js';
import { UsageError } from '../console/usage-error.js';
import { DatasetReporter, IS_ARCHIVE } from './dataset-reporter.js';

/** What `captioneer dataset` is asked for. */
export interface DatasetSettings {
  readonly inputs: readonly string[];
  /** Of Parquet files. */
  readonly column: string | undefined;
  readonly output: string;
  readonly format: 'jsonl' | TableFormat;
  readonly model: ModelSettings;
  readonly caption: CaptionOptions;
  /** Undefined: one for each core, 4 at most. */
  readonly numWorkers: number | undefined;
  readonly batchSize: number;
  readonly isSidecarWritten: boolean;
  readonly isXmpWritten: boolean;
  readonly isOnlyMissing: boolean;
  readonly isDryRun: boolean;
  readonly isOverwritten: boolean;
  readonly isDecodedInFull: boolean;
  readonly isQuiet: boolean;
}

/**
 * Captions a library of images into a file, and continues one that is there.
 *
 * @returns the exit code: failed if an image could not be captioned
 * @throws UsageError, ModelError, DatasetError, the abort reason
 */
export async function runDataset(settings: DatasetSettings, io: CommandIo, output: Output): Promise<number> {
  const record = settings.format === 'jsonl' ? settings.output : `${settings.output}.record.jsonl`;
  if (settings.isDryRun) return dryRun(settings, record, io, output);
  if (settings.isOverwritten) await rm(record, { force: true });
  const failures = `${settings.output}.errors.jsonl`;
  await rm(failures, { force: true });
  const workers = await loadWorkers(settings.model, settings.numWorkers, io, output);
  const reporter = new DatasetReporter(io.stderr, settings.isQuiet);
  try {
    void reporter.countTotal(
      datasetImages(settings.inputs.filter((input) => !IS_ARCHIVE.test(input))),
      settings.inputs,
    );
    const progress = await captionDataset(workers.captioners, datasetImages(settings.inputs, columnOf(settings)), {
      record,
      caption: settings.isDecodedInFull ? settings.caption : { ...settings.caption, ...shrunk(workers.captioners[0]!) },
      batchSize: settings.batchSize,
      sidecar: settings.isSidecarWritten,
      xmp: settings.isXmpWritten,
      onlyMissing: settings.isOnlyMissing,
      signal: io.signal,
      onProgress: (progress) => reporter.show(progress),
      onFailure: (failure) => appendFile(failures, failureLine(failure)),
    });
    reporter.end();
    if (settings.format !== 'jsonl')
      await writeTable(record, settings.output, settings.format, settings.inputs, columnOf(settings));
    await output.print(summary(progress, settings, failures));
    return progress.failed === 0 ? EXIT_CODE.ok : EXIT_CODE.failed;
  } finally {
    reporter.end();
    await workers.dispose();
  }
}

const columnOf = ({ column }: DatasetSettings): { readonly column?: string } =>
  column === undefined ? {} : { column };

/** An image may be shrunk while it is decoded to twice the side that the model sees, from which on captions hardly change. */
function shrunk({
  manifest,
}: {
  readonly manifest: { readonly image: { readonly width: number; readonly height: number } };
}): CaptionOptions {
  return { shrinkToSide: 2 * Math.max(manifest.image.width, manifest.image.height) };
}

async function dryRun(settings: DatasetSettings, record: string, io: CommandIo, output: Output): Promise<number> {
  const { inputs, isOnlyMissing, isOverwritten } = settings;
  const { seen, done } = await countDataset(datasetImages(inputs, columnOf(settings)), {
    record: isOverwritten ? undefined : record,
    isOnlyMissing,
    signal: io.signal,
  });
  await output.print(`${count(seen, 'image')}: ${done} done, ${seen - done} to caption. Nothing was written.\n`);
  if (seen === 0) throw new UsageError('there are no images');
  return EXIT_CODE.ok;
}

function failureLine({ image, error }: DatasetFailure): string {
  return `${JSON.stringify({ image, error: reportImageError(error, image) })}\n`;
}

function summary(progress: DatasetProgress, { output, isOnlyMissing }: DatasetSettings, failures: string): string {
  const { captioned, duplicates, skipped, failed } = progress;
  const parts = [
    `${captioned} captioned`,
    duplicates > 0 && `${duplicates} more with the same content as one of them`,
    skipped > 0 && `${skipped} done before${isOnlyMissing ? ' or with a text' : ''}`,
    failed > 0 && `${failed} failed (${failures})`,
  ];
  return `${output}: ${parts.filter(Boolean).join(', ')}.\n`;
}
