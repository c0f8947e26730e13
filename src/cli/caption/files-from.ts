import { readFile } from 'node:fs/promises';
import type { CommandIo } from '../console/command-io.js';
import { UsageError } from '../console/usage-error.js';

/** A list of names may have so many bytes: about a million paths. */
const MAX_BYTES = 2 ** 27;

/**
 * The names in a list: one a line, or each ended by NUL if there is one (as `find -print0` writes them). Empty ones are left out.
 *
 * @param path of the list; `-` for standard input
 * @returns names; as bytes those that are not UTF-8
 * @throws UsageError if the list cannot be read; the abort reason
 */
export async function readNames(path: string, io: Pick<CommandIo, 'stdin' | 'signal'>): Promise<(string | Buffer)[]> {
  const bytes = path === '-' ? await readAll(io) : await readList(path, io.signal);
  const separator = bytes.includes(0) ? 0 : LINE_FEED;
  const names: (string | Buffer)[] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(separator, start);
    const end = found < 0 ? bytes.length : found;
    const hasReturn = separator === LINE_FEED && bytes[end - 1] === CARRIAGE_RETURN && end > start;
    const name = bytes.subarray(start, hasReturn ? end - 1 : end);
    if (name.length > 0) names.push(asText(name));
    start = end + 1;
  }
  return names;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

function asText(name: Buffer): string | Buffer {
  const text = name.toString();
  return Buffer.from(text).equals(name) ? text : name;
}

async function readAll({ stdin, signal }: Pick<CommandIo, 'stdin' | 'signal'>): Promise<Buffer> {
  if (stdin.isTTY === true) {
    throw new UsageError(
      '--files-from: standard input is a terminal; send the names through a pipe or from a file with <',
    );
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stdin) {
    signal.throwIfAborted();
    length += piece.byteLength;
    if (length > MAX_BYTES) throw new UsageError(`--files-from: the list is larger than ${MAX_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function readList(path: string, signal: AbortSignal): Promise<Buffer> {
  try {
    return await readFile(path, { signal });
  } catch (error) {
    signal.throwIfAborted();
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(`--files-from: ${path} cannot be read (${reason})`);
  }
}
