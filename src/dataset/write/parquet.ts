import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { DatasetRecord } from '../record.js';

/** Rows of a row group, all of which are in memory until it is written. */
const ROW_GROUP = 50_000;

/** Writes records as Parquet, compressed with Snappy: image, text, confidence (double), assessment, sha256, model. */
export async function writeParquet(path: string, records: AsyncIterable<DatasetRecord>): Promise<void> {
  const writer = fileWriter(path);
  const parquet = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: columnsOf([]) }) });
  let rows: DatasetRecord[] = [];
  for await (const record of records) {
    rows.push(record);
    if (rows.length < ROW_GROUP) continue;
    await parquet.write({ columnData: columnsOf(rows) });
    rows = [];
  }
  if (rows.length > 0) await parquet.write({ columnData: columnsOf(rows) });
  await parquet.finish();
}

function columnsOf(rows: readonly DatasetRecord[]): Parameters<ParquetWriter['write']>[0]['columnData'] {
  const texts = (name: 'image' | 'text' | 'sha256' | 'model') => ({
    name,
    type: 'STRING' as const,
    nullable: false,
    data: rows.map((row) => row[name]),
  });
  return [
    texts('image'),
    texts('text'),
    { name: 'confidence', type: 'DOUBLE', nullable: true, data: rows.map(({ confidence }) => confidence) },
    { name: 'assessment', type: 'STRING', nullable: true, data: rows.map(({ assessment }) => assessment) },
    texts('sha256'),
    texts('model'),
  ];
}
