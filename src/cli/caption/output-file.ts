import { type FileHandle, open, readFile } from 'node:fs/promises';
import { writeFileWhole } from '../../adapters/node/files/write-file-whole.js';
import { OutputError } from '../console/output.js';
import { UsageError } from '../console/usage-error.js';
import { doneImage, headOf } from './formats.js';
import type { FormatSettings } from './output-format.js';

/** The file of `--output`. Each image's lines are written at once, so that a run that ends early loses none of them. */
export class OutputFile {
  readonly #file: FileHandle;
  /** Images that the file has already. */
  readonly done: ReadonlySet<string>;

  private constructor(file: FileHandle, done: ReadonlySet<string>) {
    this.#file = file;
    this.done = done;
  }

  /**
   * Makes the file, or goes on with it. A line that was cut short, and images that failed, are dropped: they are captioned again.
   *
   * @throws UsageError if it is there and is not to be resumed, or is not of this format
   */
  static async open(path: string, settings: FormatSettings, isResumed: boolean): Promise<OutputFile> {
    const before = await readFile(path, 'utf8').catch((error: unknown) => {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      throw new UsageError(`--output: ${path} cannot be read (${code ?? message})`);
    });
    if (before !== undefined && !isResumed) {
      throw new UsageError(`--output: ${path} is there already; give --resume to complete it, or another name`);
    }
    const { done, lines } = kept(before ?? '', path, settings);
    try {
      await writeFileWhole(path, lines.join(''));
      return new OutputFile(await open(path, 'a'), done);
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      throw new OutputError(`the output cannot be written (${code ?? message})`, { cause });
    }
  }

  /** @throws OutputError */
  async write(text: string): Promise<void> {
    try {
      await this.#file.appendFile(text);
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      throw new OutputError(`the output cannot be written (${code ?? message})`, { cause });
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function kept(text: string, path: string, settings: FormatSettings): { done: Set<string>; lines: string[] } {
  const head = headOf(settings);
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole !== '' && !whole.startsWith(head)) {
    throw new UsageError(`--output: ${path} was written with other options; give another name`);
  }
  const done = new Set<string>();
  const lines = [head];
  for (const line of whole.slice(head.length).split('\n').slice(0, -1)) {
    const image = read(line, path, settings);
    if (image === undefined) continue;
    done.add(image);
    lines.push(`${line}\n`);
  }
  return { done, lines };
}

function read(line: string, path: string, { format }: FormatSettings): string | undefined {
  try {
    return doneImage(line, format);
  } catch {
    throw new UsageError(`--output: ${path} is not a file of the format ${format}; give another name`);
  }
}
