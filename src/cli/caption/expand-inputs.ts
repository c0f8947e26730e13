import { stat } from 'node:fs/promises';
import { sep } from 'node:path';
import type { ImageSource } from '../../index.js';
import { isImageName } from '../../adapters/node/files/image-name.js';
import type { CommandIo } from '../console/command-io.js';
import { UsageError } from '../console/usage-error.js';
import { readNames } from './files-from.js';
import { compareNames, listFolder, NotRegularError, pathInBytes, sourceOf, whyNotRegular } from './list-folder.js';
import type { Settings } from './settings.js';

/** One thing to caption. */
export interface InputImage {
  /** What it is called in the output. */
  readonly label: string;
  /** What the library reads. */
  readonly source: ImageSource;
}

/** An argument, or something in a folder, that gives no image. */
export interface NoImage {
  readonly label: string;
  readonly error: InputError;
}

/** A folder or pattern without images, a folder or file that cannot be read, or a URL of a kind that is not fetched. */
class InputError extends Error {
  override readonly name = 'InputError';
  constructor(
    readonly code: 'NO_IMAGES' | 'FOLDER_UNREADABLE' | 'NOT_REGULAR' | 'URL_NOT_FETCHED',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What the arguments stand for. */
export interface Inputs {
  readonly images: readonly (InputImage | NoImage)[];
  /** Whether it was one image that was asked for by its name. It depends on the arguments, not on a folder's content. */
  readonly isOne: boolean;
}

const URL_START = /^(data:|file:|[a-z][a-z0-9+.-]+:\/\/)/i;
const URL_PROTOCOLS: readonly string[] = ['http:', 'https:', 'file:', 'data:'];
const MAX_DATA_URL_LABEL = 60;
const PATTERN_CHARACTER = /[*?[{]/;

type Given = Pick<Settings, 'inputs' | 'isRecursive'> & Partial<Pick<Settings, 'filesFrom'>>;
type Io = Pick<CommandIo, 'stdin' | 'signal'>;

/**
 * Finds the images that the arguments, and a list of names, stand for, in their order.
 *
 * A name that exists is taken as it is, also if it looks like a pattern or a URL; those of a list are no patterns. Whether a single file
 * exists, and is an image, is left to the library, which says best what is wrong with it.
 *
 * @throws UsageError if standard input is a terminal, or the list cannot be read; the abort reason
 */
export async function expandInputs({ inputs, isRecursive, filesFrom }: Given, io: Io): Promise<Inputs> {
  const found: (readonly (InputImage | NoImage)[])[] = [];
  let isOne = inputs.length === 1 && filesFrom === undefined;
  for (const input of inputs) {
    io.signal.throwIfAborted();
    const kind = await inputKind(input);
    if (kind === 'folder' || kind === 'pattern') isOne = false;
    if (kind === 'pattern') found.push(await imagesOfPattern(input, io.signal));
    else if (kind === 'stdin') found.push([{ label: input, source: standardInput(io) }]);
    else found.push(await imagesOf(input, kind, isRecursive, io.signal));
  }
  for (const name of filesFrom === undefined ? [] : await readNames(filesFrom, io)) {
    io.signal.throwIfAborted();
    found.push(await imagesOf(name, await nameKind(name), isRecursive, io.signal));
  }
  return { images: found.flat(), isOne };
}

type NameKind = 'url' | 'file' | 'folder';

async function inputKind(input: string): Promise<NameKind | 'stdin' | 'pattern'> {
  if (input === '-') return 'stdin';
  const kind = await nameKind(input);
  if (kind !== 'file' || !PATTERN_CHARACTER.test(input)) return kind;
  return (await exists(input)) ? 'file' : 'pattern';
}

/** What a name is that is not a pattern. */
async function nameKind(name: string | Buffer): Promise<NameKind> {
  const found = await stat(name).catch(() => undefined);
  if (found?.isDirectory()) return 'folder';
  return found === undefined && typeof name === 'string' && URL_START.test(name) ? 'url' : 'file';
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function imagesOf(
  name: string | Buffer,
  kind: NameKind,
  isRecursive: boolean,
  signal: AbortSignal,
): Promise<(InputImage | NoImage)[]> {
  if (kind === 'folder') return imagesOfFolder(name, isRecursive, signal);
  if (kind === 'url') return [imageOfUrl(String(name))];
  return [await imageOfPath(name)];
}

/** A file by its path, also by one that has lost what is not UTF-8 in it. */
async function imageOfPath(path: string | Buffer): Promise<InputImage> {
  const label = String(path);
  const isLossy = typeof path === 'string' && path.includes('\uFFFD') && !(await exists(path));
  return { label, source: sourceOf((isLossy ? await pathInBytes(path) : undefined) ?? path) };
}

function standardInput({ stdin }: Pick<CommandIo, 'stdin'>): CommandIo['stdin'] {
  if (stdin.isTTY !== true) return stdin;
  throw new UsageError('-: standard input is a terminal; send an image through a pipe or from a file with <');
}

/** The library's own words about these URLs speak to programmers. */
function imageOfUrl(input: string): InputImage | NoImage {
  if (/^data:/i.test(input)) return { label: shortened(input), source: input };
  if (!URL.canParse(input)) return { label: input, source: input };
  const url = new URL(input);
  if (!URL_PROTOCOLS.includes(url.protocol)) {
    const message = `${url.protocol} URLs are not read. Give one that begins with ${URL_PROTOCOLS.join(' or ')}.`;
    return { label: input, error: new InputError('URL_NOT_FETCHED', message) };
  }
  if (url.username === '' && url.password === '') return { label: input, source: input };
  url.username = '';
  url.password = '';
  const message = 'URLs with a password are not fetched. Get the image by other means and send it through a pipe.';
  return { label: url.href, error: new InputError('URL_NOT_FETCHED', message) };
}

/** A data URL holds the whole image. */
function shortened(url: string): string {
  return url.length > MAX_DATA_URL_LABEL ? `${url.slice(0, MAX_DATA_URL_LABEL)}…` : url;
}

async function imagesOfFolder(
  folder: string | Buffer,
  isRecursive: boolean,
  signal: AbortSignal,
): Promise<(InputImage | NoImage)[]> {
  const found: (InputImage | NoImage)[] = [];
  for await (const { label, source, error } of listFolder(folder, isRecursive, signal)) {
    found.push(error === undefined ? { label, source } : unreadable(label, error));
  }
  if (found.length > 0) return found;
  const hint = isRecursive ? '' : ' With --recursive, folders within it are searched too.';
  const error = new InputError('NO_IMAGES', `there are no image files in this folder.${hint}`);
  return [{ label: String(folder), error }];
}

function unreadable(label: string, cause: unknown): NoImage {
  if (cause instanceof NotRegularError) return { label, error: new InputError('NOT_REGULAR', cause.message) };
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return { label, error: new InputError('FOLDER_UNREADABLE', `this folder cannot be read (${reason}).`, { cause }) };
}

async function imagesOfPattern(pattern: string, signal: AbortSignal): Promise<(InputImage | NoImage)[]> {
  const { folder, rest } = await splitPattern(pattern);
  const { glob } = await import('tinyglobby');
  const cwd = folder === '' ? '.' : folder;
  const paths = await glob(rest, { cwd, expandDirectories: false, signal });
  signal.throwIfAborted();
  const labels = paths.filter(isImageName).map((path) => folder + path);
  const found = await Promise.all(
    labels.sort(compareNames).map(async (label) => {
      const error = await whyNotRegular(label);
      return error instanceof NotRegularError ? unreadable(label, error) : imageOfPath(label);
    }),
  );
  if (found.length > 0) return found;
  const matches = paths.length === 0 ? 'nothing matches it' : 'no image file matches it';
  return [
    { label: pattern, error: new InputError('NO_IMAGES', `there is no such file and, as a pattern, ${matches}.`) },
  ];
}

/**
 * A pattern in two: the folders at its beginning that there are, taken as they are written, so that brackets in their names mean
 * nothing; and the rest, in which parentheses and exclamation marks stand for themselves.
 */
async function splitPattern(pattern: string): Promise<{ readonly folder: string; readonly rest: string }> {
  const parts = (sep === '\\' ? pattern.replaceAll('\\', '/') : pattern).split('/');
  let count = 0;
  while (count < parts.length - 1 && (await isFolder(`${parts.slice(0, count + 1).join('/')}/`))) count += 1;
  const folder = parts.slice(0, count).map((part) => `${part}/`).join(''); // prettier-ignore
  return { folder, rest: parts.slice(count).join('/').replace(/[()!]/g, '\\$&') };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
