import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { sep } from 'node:path';

/** The extensions by which picture files are known in folders and patterns, in any case. */
const PICTURE_FILE = /\.(jpe?g|jpe|jfif|png|webp|gif|avif|tiff?)$/i;

/** Whether a file's name says that it is a picture. */
export function isPictureName(name: string): boolean {
  return PICTURE_FILE.test(name);
}

/** What a folder holds: a picture's path, or a folder that could not be read. */
export type FolderEntry =
  { readonly path: string; readonly error?: undefined } | { readonly path: string; readonly error: unknown };

/**
 * The picture files of a folder in the order of their names (by code units, the same on every machine). Hidden ones are
 * left out. Links to files count as files, links to folders are not followed.
 *
 * @param folder the paths in the result begin with it as it is written
 * @param isRecursive whether folders within it are listed too, in the place that their name has among the files
 */
export async function* listFolder(
  folder: string,
  isRecursive: boolean,
  signal: AbortSignal,
): AsyncGenerator<FolderEntry> {
  signal.throwIfAborted();
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield { path: folder, error };
    return;
  }
  entries.sort((a, b) => compareNames(a.name, b.name));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (isRecursive) yield* listFolder(path, isRecursive, signal);
    } else if (isPictureName(entry.name)) {
      yield { path };
    }
  }
}

/** Order by code units. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Unlike `path.join` it leaves the folder as it was written: `./photos` stays `./photos`. */
function join(folder: string, name: string): string {
  return folder.endsWith('/') || folder.endsWith(sep) ? folder + name : folder + sep + name;
}
