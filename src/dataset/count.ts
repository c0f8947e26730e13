import { access } from 'node:fs/promises';
import { hasTextFile, isDescribed } from './beside.js';
import type { DatasetImage } from './dataset-image.js';
import { Journal } from './journal.js';

/** What counts as done. */
export interface CountOptions {
  /** The record; undefined if there is none to continue. */
  readonly record: string | undefined;
  /** Whether an image with a text is done: each is read for that. */
  readonly isOnlyMissing: boolean;
  readonly signal: AbortSignal;
}

/** Counts a dataset's images, and those of them that are done. Nothing is written. An image that cannot be read is not done. */
export async function countDataset(
  images: AsyncIterable<DatasetImage>,
  { record, isOnlyMissing, signal }: CountOptions,
): Promise<{ readonly seen: number; readonly done: number }> {
  const journal = record !== undefined && (await exists(record)) ? await Journal.open(record, undefined) : undefined;
  const counts = { seen: 0, done: 0 };
  try {
    for await (const image of images) {
      signal.throwIfAborted();
      counts.seen += 1;
      if (journal?.has(image.name) === true || (isOnlyMissing && (await hasText(image)))) counts.done += 1;
    }
    return counts;
  } finally {
    await journal?.close();
  }
}

async function hasText(image: DatasetImage): Promise<boolean> {
  if (await hasTextFile(image.name)) return true;
  return image.read().then(
    (bytes) => isDescribed(image.name, bytes),
    () => false,
  );
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
