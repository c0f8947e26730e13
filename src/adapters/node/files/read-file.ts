import { constants, openSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { CaptioneerError } from '../../../core/index.js';
import { StopSignal } from '../../../async/stop-signal.js';
import { readStream, type ReadStreamOptions } from '../../shared/read-stream.js';

/** A path; as bytes if the file system's name is not UTF-8. */
export type FilePath = string | Buffer;

/** How a file is read. */
export interface ReadFileOptions extends ReadStreamOptions {
  /**
   * Longest silence of a named pipe, in milliseconds; undefined: pipes are not read. Devices and sockets never are: they may have no
   * end, or never begin.
   */
  readonly pipeTimeoutMs?: number | undefined;
}

/** Bytes that are read at once; between them an abort is noticed. */
const PIECE_BYTES = 2 ** 24;

// On Windows there are no such flags, and no named pipes among the files.
const { O_RDONLY, O_NONBLOCK = 0 } = constants as Partial<typeof constants> & { readonly O_RDONLY: number };

/**
 * Reads a regular file whole, or a named pipe to its end, within `maxBytes`.
 *
 * @throws the file system's error with its `code`; one with the code `ENOTREG` for anything else; `tooLong()`; the abort reason
 */
export async function readFile(path: FilePath, options: ReadFileOptions): Promise<Uint8Array> {
  options.signal?.throwIfAborted();
  const stats = await fs.stat(path);
  options.signal?.throwIfAborted();
  if (stats.isFIFO() && options.pipeTimeoutMs !== undefined) return readPipe(path, options.pipeTimeoutMs, options);
  if (stats.isDirectory()) throw fileError('EISDIR', 'a folder');
  // Without waiting: should the file have become a pipe meanwhile, opening it must not block a thread.
  const file = await fs.open(path, O_RDONLY | O_NONBLOCK);
  try {
    const opened = await file.stat();
    if (!opened.isFile()) throw fileError('ENOTREG', 'not a regular file');
    return await readRegular(file, opened.size, options);
  } finally {
    await file.close();
  }
}

async function readRegular(
  file: fs.FileHandle,
  size: number,
  { maxBytes, tooLong, signal }: ReadFileOptions,
): Promise<Uint8Array> {
  if (size > maxBytes) throw tooLong();
  // One byte more tells whether the file has grown. Some files (those of /proc) say that they are empty, and are not.
  let bytes = new Uint8Array(Math.max(size, 4096) + 1);
  let length = 0;
  for (;;) {
    signal?.throwIfAborted();
    if (length === bytes.length) bytes = grown(bytes);
    const { bytesRead } = await file.read(bytes, length, Math.min(PIECE_BYTES, bytes.length - length), length);
    if (bytesRead === 0) return bytes.subarray(0, length);
    length += bytesRead;
    if (length > maxBytes) throw tooLong();
  }
}

function grown(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(bytes.length * 2);
  more.set(bytes);
  return more;
}

/** Opened without waiting and read by events, so that a pipe that nobody writes to blocks no thread and can be given up. */
async function readPipe(path: FilePath, timeoutMs: number, options: ReadFileOptions): Promise<Uint8Array> {
  const { Socket } = await import('node:net');
  const pipe = new Socket({ fd: openSync(path, O_RDONLY | O_NONBLOCK), readable: true, writable: false });
  const overdue = (): Error => fileError('ETIMEDOUT', `a pipe that gave nothing for ${timeoutMs} ms`);
  const stop = new StopSignal({ timeoutMs, timeoutOf: 'silence', signal: options.signal }, overdue);
  const onChunk = (chunk: Uint8Array): void => {
    stop.restart();
    options.onChunk?.(chunk);
  };
  try {
    return await readStream(pipe, { ...options, onChunk, signal: stop.signal });
  } finally {
    stop.end();
    pipe.destroy();
  }
}

function fileError(code: string, what: string): Error {
  return Object.assign(new Error(`this is ${what}`), { code });
}

/** The size of a file in bytes; undefined if there is no such file, or something else of its name. */
export async function sizeOfFile(path: string): Promise<number | undefined> {
  const stats = await fs.stat(path).catch(() => undefined);
  return stats?.isFile() ? stats.size : undefined;
}

/** What a file system's error means and what to do about it. */
export function explainFileError(error: unknown): string {
  const code = errorCode(error);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'the file does not exist. Check the path; a relative one starts at the working directory.';
    case 'EISDIR':
      return 'this is a folder, not a file. Give the path of one file.';
    case 'ENOTREG':
    case 'ENXIO':
      return 'this is a device, a pipe or a socket, not a regular file. Give the path of a regular file.';
    case 'ETIMEDOUT':
      return `${(error as Error).message}. Check what writes to it, or raise timeoutMs.`;
    case 'EACCES':
    case 'EPERM':
      return 'this process may not read the file. Change its permissions.';
    case 'EMFILE':
    case 'ENFILE':
      return `too many files are open (${code}). Close some, or raise the limit of open files.`;
    case 'ENAMETOOLONG':
      return 'the path is too long for this file system. Check that it is a path.';
    default:
      return `the file cannot be read (${code ?? String(error)}).`;
  }
}

/** What a file system's error in writing means; undefined for an error of another kind. */
export function explainWriteError(error: unknown): string | undefined {
  if (CaptioneerError.isInstance(error)) return undefined;
  const code = errorCode(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'this process may not write there.';
    default:
      return code !== undefined && /^E[A-Z0-9]+$/.test(code) ? `it cannot be written (${code}).` : undefined;
  }
}

/** The `code` of a system error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
