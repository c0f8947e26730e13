import { rename } from 'node:fs/promises';
import { datasetImages } from '../images.js';
import { Journal } from '../journal.js';
import { writeCsv } from './csv.js';
import { writeParquet } from './parquet.js';
import { writeWebDataset } from './web-dataset.js';

/** Forms that a record is written in when a run has ended; the record itself is JSON Lines. */
export const TABLE_FORMATS = ['csv', 'parquet', 'tar'] as const;

/** One of {@link TABLE_FORMATS}. */
export type TableFormat = (typeof TABLE_FORMATS)[number];

/**
 * Writes a record as a table, or with its images as a WebDataset tar. The file is replaced when the new one is whole.
 *
 * @param inputs of the images, for a tar
 * @param options as those of `datasetImages`
 * @throws DatasetError if the record cannot be read
 */
export async function writeTable(
  record: string,
  path: string,
  format: TableFormat,
  inputs: readonly string[],
  options: { readonly column?: string } = {},
): Promise<void> {
  const unfinished = `${path}.captioneer-tmp`;
  const journal = await Journal.open(record, undefined);
  try {
    if (format === 'csv') await writeCsv(unfinished, journal.records());
    else if (format === 'parquet') await writeParquet(unfinished, journal.records());
    else await writeWebDataset(unfinished, datasetImages(inputs, options), journal);
  } finally {
    await journal.close();
  }
  await rename(unfinished, path);
}
