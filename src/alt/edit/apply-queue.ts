import { readFile, realpath, stat } from 'node:fs/promises';
import { SourceFileError } from '../../core/index.js';
import { sha256 } from '../queue/hash.js';
import { type AltItem, type AltQueue, proposalsOf } from '../queue/queue.js';
import { writeFileWhole } from '../../adapters/node/files/write-file-whole.js';
import { editFile, type TextEdit } from './edit-file.js';

/** How a queue is applied. */
export interface ApplyOptions {
  /**
   * Items that nobody decided on get the best proposal if its confidence is at least this, 0 … 1, and there is no reason to look at it.
   * Default: only what was decided is applied.
   */
  readonly minConfidence?: number;
  /** Whether files are left as they are. Default false. */
  readonly isDryRun?: boolean;
  /** Further elements that are images, as when the queue was written. */
  readonly components?: readonly string[];
  /** Is called with the queue as it is after each file that was written, so that it can be saved. */
  readonly onProgress?: (queue: AltQueue) => Promise<void> | void;
  readonly signal?: AbortSignal;
}

/** A file that was changed, or would be. */
export interface AppliedFile {
  readonly file: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** Texts that were written. */
  readonly count: number;
}

/** What a run did. */
export interface ApplyResult {
  readonly files: readonly AppliedFile[];
  /** Files that were refused: they have changed since, are not there, or an edit would not do what it should. */
  readonly errors: readonly SourceFileError[];
  /** What is left to do: without the items whose texts were written. */
  readonly queue: AltQueue;
}

/**
 * Writes the texts of a queue into source files, each file whole or not at all.
 *
 * @throws the abort reason
 */
export async function applyQueue(queue: AltQueue, options: ApplyOptions = {}): Promise<ApplyResult> {
  const files: AppliedFile[] = [];
  const errors: SourceFileError[] = [];
  let left = queue;
  for (const [file, items] of groupByFile(queue.items)) {
    options.signal?.throwIfAborted();
    const edits = items.flatMap((item) => {
      const text = textOf(queue, item, options.minConfidence);
      return text === undefined ? [] : [{ item, edit: { place: item.place, text } }];
    });
    if (edits.length === 0) continue;
    try {
      const applied = await applyToFile(file, items, edits, options);
      files.push(applied.file);
      left = { ...left, items: left.items.flatMap((item) => (item.file === file ? applied.left(item) : item)) };
      if (!options.isDryRun) await options.onProgress?.(left);
    } catch (error) {
      if (!(error instanceof SourceFileError)) throw error;
      errors.push(error);
    }
  }
  return { files, errors, queue: options.isDryRun ? queue : left };
}

interface ItemEdit {
  readonly item: AltItem;
  readonly edit: TextEdit;
}

async function applyToFile(
  file: string,
  items: readonly AltItem[],
  edits: readonly ItemEdit[],
  { isDryRun = false, components = [] }: ApplyOptions,
): Promise<{ readonly file: AppliedFile; readonly left: (item: AltItem) => AltItem | [] }> {
  const before = await readSource(file);
  if (items.some(({ fileSha256 }) => fileSha256 !== sha256(before))) {
    throw new SourceFileError(file, 'it has changed since. Run "captioneer alt write" again; decisions are kept.');
  }
  const { bytes: after, moved } = await editFile(
    file,
    before,
    edits.map(({ edit }) => edit),
    { syntax: items[0]!.syntax, components },
  );
  if (!isDryRun) {
    // A link stays a link, and the file its mode.
    const path = await realpath(file);
    await writeFileWhole(path, after, (await stat(path)).mode & 0o777);
  }
  const done = new Set(edits.map(({ item }) => item.id));
  const fileSha256 = sha256(after);
  const left = (item: AltItem): AltItem | [] => {
    if (done.has(item.id)) return [];
    const { place } = item;
    return { ...item, fileSha256, place: { ...place, start: moved(place.start), end: moved(place.end) } };
  };
  return { file: { file, before, after, count: edits.length }, left };
}

/** What is written for an item; undefined for nothing. Decoration needs no mark in Markdown. */
function textOf(queue: AltQueue, item: AltItem, minConfidence: number | undefined): string | undefined {
  const { decision, place, needsReview } = item;
  switch (decision?.action) {
    case 'skip':
      return undefined;
    case 'decorative':
      return place.isAttribute ? '' : undefined;
    case 'accept':
    case 'edit':
      return decision.text;
    case undefined:
      break;
  }
  const [best] = proposalsOf(queue, item);
  if (minConfidence === undefined || best === undefined || needsReview) return undefined;
  return (best.confidence ?? 0) >= minConfidence ? best.text : undefined;
}

async function readSource(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new SourceFileError(file, `it cannot be read (${code ?? String(cause)}).`, { cause });
  }
}

function groupByFile(items: readonly AltItem[]): Map<string, AltItem[]> {
  const groups = new Map<string, AltItem[]>();
  for (const item of items) groups.set(item.file, [...(groups.get(item.file) ?? []), item]);
  return groups;
}
