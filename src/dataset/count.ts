import { access } from 'node:fs/promises';
import { sidecarOf } from './caption-dataset.js';
import type { DatasetImage } from './dataset-image.js';
import { Journal } from './journal.js';

/** What counts as done. */
export interface CountOptions {
  /** The record; undefined if there is none to continue. */
  readonly record: string | undefined;
  /** Whether an image with a text file beside it is done. */
  readonly isOnlyMissing: boolean;
  readonly signal: AbortSignal;
}

/** Counts a dataset's images by their names, and those of them that are done. Nothing is written. */
export async function countDataset(
  images: AsyncIterable<DatasetImage>,
  { record, isOnlyMissing, signal }: CountOptions,
): Promise<{ readonly seen: number; readonly done: number }> {
  const journal = record !== undefined && (await exists(record)) ? await Journal.open(record, undefined) : undefined;
  const counts = { seen: 0, done: 0 };
  try {
    for await (const { name } of images) {
      signal.throwIfAborted();
      counts.seen += 1;
      if (journal?.has(name) === true || (isOnlyMissing && (await exists(sidecarOf(name))))) counts.done += 1;
    }
    return counts;
  } finally {
    await journal?.close();
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
