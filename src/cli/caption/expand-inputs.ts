import { stat } from 'node:fs/promises';
import { isAbsolute, sep } from 'node:path';
import type { NodeImageSource } from '../../index.js';
import type { CommandIo } from '../console/command-io.js';
import { compareNames, isPictureName, listFolder } from './list-folder.js';
import type { Settings } from './settings.js';
import { UsageError } from '../console/usage-error.js';

/** One thing to caption. */
export interface Picture {
  /** What it is called in the output. */
  readonly label: string;
  /** What the library reads. */
  readonly source: NodeImageSource;
}

/** An argument, or a folder within one, that gives no pictures. */
export interface NoPicture {
  readonly label: string;
  readonly error: InputError;
}

/** A folder or pattern without pictures, a folder that cannot be read, or a URL of a kind that is not fetched. */
class InputError extends Error {
  override readonly name = 'InputError';
  constructor(
    readonly code: 'NO_PICTURES' | 'FOLDER_UNREADABLE' | 'URL_NOT_FETCHED',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What the arguments stand for. */
export interface Inputs {
  readonly pictures: readonly (Picture | NoPicture)[];
  /** Whether it was one picture that was asked for by its name. It depends on the arguments, not on a folder's content. */
  readonly isOne: boolean;
}

const URL_START = /^(data:|file:|[a-z][a-z0-9+.-]+:\/\/)/i;
const URL_PROTOCOLS: readonly string[] = ['http:', 'https:', 'file:', 'data:'];
const MAX_DATA_URL_LABEL = 60;
const PATTERN_CHARACTER = /[*?[{]/;

/**
 * Finds the pictures that the arguments stand for, in the order of the arguments.
 *
 * A name that exists is taken as it is, also where it looks like a pattern. Whether a single file exists, and is a
 * picture, is left to the library, which says best what is wrong with it.
 *
 * @throws UsageError where standard input is a terminal; the abort reason
 */
export async function expandInputs(
  { inputs, isRecursive }: Pick<Settings, 'inputs' | 'isRecursive'>,
  io: Pick<CommandIo, 'stdin' | 'signal'>,
): Promise<Inputs> {
  const { signal } = io;
  const found: (readonly (Picture | NoPicture)[])[] = [];
  let isOne = inputs.length === 1;
  for (const input of inputs) {
    signal.throwIfAborted();
    const kind = await inputKind(input);
    if (kind === 'folder' || kind === 'pattern') isOne = false;
    if (kind === 'folder') found.push(await picturesOfFolder(input, isRecursive, signal));
    else if (kind === 'pattern') found.push(await picturesOfPattern(input, signal));
    else if (kind === 'url') found.push([pictureOfUrl(input)]);
    else found.push([{ label: input, source: kind === 'stdin' ? standardInput(io) : input }]);
  }
  return { pictures: found.flat(), isOne };
}

type InputKind = 'stdin' | 'url' | 'file' | 'folder' | 'pattern';

async function inputKind(input: string): Promise<InputKind> {
  if (input === '-') return 'stdin';
  if (URL_START.test(input)) return 'url';
  const found = await stat(input).catch(() => undefined);
  if (found?.isDirectory()) return 'folder';
  return found === undefined && PATTERN_CHARACTER.test(input) ? 'pattern' : 'file';
}

function standardInput({ stdin }: Pick<CommandIo, 'stdin'>): CommandIo['stdin'] {
  if (stdin.isTTY !== true) return stdin;
  throw new UsageError('-: standard input is a terminal; send a picture through a pipe or from a file with <');
}

/** The library's own words about these URLs speak to programmers. */
function pictureOfUrl(input: string): Picture | NoPicture {
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
  const message = 'URLs with a password are not fetched. Get the picture by other means and send it through a pipe.';
  return { label: url.href, error: new InputError('URL_NOT_FETCHED', message) };
}

/** A data URL holds the whole picture. */
function shortened(url: string): string {
  return url.length > MAX_DATA_URL_LABEL ? `${url.slice(0, MAX_DATA_URL_LABEL)}…` : url;
}

async function picturesOfFolder(
  folder: string,
  isRecursive: boolean,
  signal: AbortSignal,
): Promise<(Picture | NoPicture)[]> {
  const found: (Picture | NoPicture)[] = [];
  for await (const { path, error } of listFolder(folder, isRecursive, signal)) {
    found.push(error === undefined ? { label: path, source: path } : unreadable(path, error));
  }
  if (found.length > 0) return found;
  const hint = isRecursive ? '' : ' With --recursive, folders within it are searched too.';
  return [{ label: folder, error: new InputError('NO_PICTURES', `there are no picture files in this folder.${hint}`) }];
}

function unreadable(label: string, cause: unknown): NoPicture {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return { label, error: new InputError('FOLDER_UNREADABLE', `this folder cannot be read (${reason}).`, { cause }) };
}

async function picturesOfPattern(pattern: string, signal: AbortSignal): Promise<(Picture | NoPicture)[]> {
  const { glob } = await import('tinyglobby');
  const paths = await glob(sep === '\\' ? pattern.replaceAll('\\', '/') : pattern, {
    absolute: isAbsolute(pattern),
    expandDirectories: false,
    signal,
  });
  signal.throwIfAborted();
  const found = paths.filter(isPictureName).sort(compareNames);
  if (found.length > 0) return found.map((path) => ({ label: path, source: path }));
  const matches = paths.length === 0 ? 'nothing matches it' : 'no picture file matches it';
  const error = new InputError('NO_PICTURES', `there is no such file and, as a pattern, ${matches}.`);
  return [{ label: pattern, error }];
}
