import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, resolve, sep } from 'node:path';
import { isImageName } from '../../adapters/node/files/image-name.js';
import { urlOfPath } from '../../adapters/node/files/path-of-url.js';

/** What a folder holds: an image, or what has the name of one or of a folder and could not be read. */
export interface FolderEntry {
  /** For people; a name that is not UTF-8 has U+FFFD in it. */
  readonly label: string;
  /** What the library reads. */
  readonly source: string;
  readonly error?: unknown;
}

/** The error for what has the name of an image and is a device, a pipe or a socket. */
export class NotRegularError extends Error {
  override readonly name = 'NotRegularError';
}

/**
 * The image files of a folder in the order of their names (by code units, the same on every machine). Hidden ones are
 * left out. Links to files count as files, links to folders are not followed.
 *
 * @param folder the labels in the result begin with it as it is written; as bytes if it is not UTF-8
 * @param isRecursive whether folders within it are listed too, in the place that their name has among the files
 */
export async function* listFolder(
  folder: string | Buffer,
  isRecursive: boolean,
  signal: AbortSignal,
): AsyncGenerator<FolderEntry> {
  signal.throwIfAborted();
  let entries: Dirent<Buffer>[];
  try {
    entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    yield { label: String(folder), source: sourceOf(folder), error };
    return;
  }
  const named = entries.map((entry) => ({ entry, name: entry.name.toString() }));
  named.sort((a, b) => compareNames(a.name, b.name));
  for (const { entry, name } of named) {
    if (name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (isRecursive) yield* listFolder(path, isRecursive, signal);
    } else if (isImageName(name)) {
      const error = entry.isFile() ? undefined : await whyNotRegular(path);
      if (error !== FOLDER)
        yield { label: String(path), source: sourceOf(path), ...(error !== undefined && { error }) };
    }
  }
}

/** The answer for a link to a folder. */
const FOLDER = Symbol('a folder');

/**
 * What is in the way of reading a path as a regular file: undefined if nothing is, or if there is nothing at all, which the library says
 * best.
 */
export async function whyNotRegular(path: string | Buffer): Promise<NotRegularError | typeof FOLDER | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isFile()) return undefined;
  return found.isDirectory()
    ? FOLDER
    : new NotRegularError('this is a device, a pipe or a socket, not a regular file.');
}

/** A path in the form that the library takes: what looks like a URL becomes a relative path, what is not UTF-8 a URL. */
export function sourceOf(path: string | Buffer): string {
  if (typeof path !== 'string') return urlOfPath(absolute(path)).href;
  return /^(data:|file:|[a-z][a-z0-9+.-]+:\/\/)/i.test(path) ? `./${path}` : path;
}

function absolute(path: Buffer): Buffer {
  if (isAbsolute(path.toString())) return path;
  return Buffer.concat([Buffer.from(`${resolve('.')}/`), path]);
}

/**
 * The path that is meant by one in which U+FFFD stands for bytes that are not UTF-8, as arguments and patterns have them.
 *
 * @returns undefined if there is none, or more than one
 */
export async function pathInBytes(lossy: string): Promise<Buffer | undefined> {
  if (!lossy.includes('\uFFFD') || sep !== '/') return undefined;
  let path = Buffer.from(isAbsolute(lossy) ? '/' : './');
  for (const name of lossy.split('/').filter((part) => part !== '')) {
    const names = name.includes('\uFFFD') ? await readdir(path, { encoding: 'buffer' }).catch(() => []) : undefined;
    const fitting = names?.filter((each) => each.toString() === name) ?? [Buffer.from(name)];
    if (fitting.length !== 1) return undefined;
    path = Buffer.concat([path, path.at(-1) === SLASH ? Buffer.alloc(0) : Buffer.from('/'), fitting[0]!]);
  }
  return path;
}

const SLASH = 0x2f;

/** Order by code units. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Unlike `path.join` it leaves the folder as it was written: `./photos` stays `./photos`. Bytes only if they are not UTF-8. */
function join(folder: string | Buffer, name: Buffer): string | Buffer {
  const parent = Buffer.from(folder as string);
  const separator = /[\\/]$/.test(sep === '/' ? String(folder).replace(/\\$/, '') : String(folder)) ? '' : sep;
  const path = Buffer.concat([parent, Buffer.from(separator), name]);
  const text = path.toString();
  return Buffer.from(text).equals(path) ? text : path;
}
