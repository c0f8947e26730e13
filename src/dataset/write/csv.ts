import { open } from 'node:fs/promises';
import type { DatasetRecord } from '../record.js';

const COLUMNS = ['image', 'text', 'confidence', 'assessment', 'sha256', 'model'] as const;
/** Rows that are written at once. */
const BLOCK = 1000;

/** Writes records as CSV (RFC 4180, in UTF-8) with a line of names. */
export async function writeCsv(path: string, records: AsyncIterable<DatasetRecord>): Promise<void> {
  const file = await open(path, 'w');
  try {
    let rows = [COLUMNS.join(',')];
    const flush = async (): Promise<void> => {
      await file.appendFile(rows.map((row) => `${row}\r\n`).join(''));
      rows = [];
    };
    for await (const record of records) {
      rows.push(COLUMNS.map((name) => cell(record[name])).join(','));
      if (rows.length >= BLOCK) await flush();
    }
    await flush();
  } finally {
    await file.close();
  }
}

function cell(value: string | number | undefined): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
