import type { LoadProgress } from '../../index.js';
import type { CommandIo, OutputStream } from './command-io.js';
import type { ProgressLine } from './progress-line.js';

/** Standard output cannot be written to, for instance because the disk is full. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/**
 * Results on standard output, errors and a progress bar on standard error. Both may be the same terminal: the bar is
 * hidden while a line is written.
 */
export class Output {
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  #bar: ProgressLine | undefined;
  #isReaderGone = false;

  constructor({ stdout, stderr }: Pick<CommandIo, 'stdout' | 'stderr'>) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    // Each write gets its own error; without a listener the event would end the process.
    stdout.on('error', ignore);
    stderr.on('error', ignore);
  }

  /** Whether the reader of standard output has closed it, as `head` does. That is not an error. */
  get isReaderGone(): boolean {
    return this.#isReaderGone;
  }

  /**
   * Writes to standard output, and waits until the text is written. Does nothing if the reader has closed it.
   *
   * @throws OutputError
   */
  async print(text: string): Promise<void> {
    if (this.#isReaderGone) return;
    const isShared = this.#stdout.isTTY === true;
    if (isShared) this.#bar?.hide();
    try {
      await write(this.#stdout, text);
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code !== 'EPIPE') throw new OutputError(`the output cannot be written (${code ?? message})`, { cause });
      this.#isReaderGone = true;
    }
    if (isShared) this.#bar?.show();
  }

  /** Writes a text to standard error. A failure is ignored. */
  async printError(text: string): Promise<void> {
    this.#bar?.hide();
    await write(this.#stderr, text).catch(ignore);
    this.#bar?.show();
  }

  /** Shows a progress bar if standard error is a terminal. */
  async startProgress(total: number, label: string): Promise<void> {
    if (this.#stderr.isTTY !== true) return;
    const { ProgressLine } = await import('./progress-line.js');
    this.#bar = new ProgressLine(this.#stderr, total, { scale: 1, label });
    this.#bar.show();
  }

  /**
   * Prepares a progress bar for downloads, if standard error is a terminal.
   *
   * @returns shows the progress of a download
   */
  async startDownloads(): Promise<((progress: LoadProgress) => void) | undefined> {
    if (this.#stderr.isTTY !== true) return undefined;
    const { ProgressLine } = await import('./progress-line.js');
    let current: string | undefined;
    return ({ file, loadedBytes, totalBytes }) => {
      if (file !== current) {
        this.stopProgress();
        current = file;
        this.#bar = new ProgressLine(this.#stderr, totalBytes, { scale: 1e6, label: `MB of ${file}` });
      }
      this.#bar?.update(loadedBytes);
    };
  }

  /** Counts one more as done. */
  advanceProgress(): void {
    this.#bar?.advance();
  }

  /** Removes the progress bar. May be called more than once. */
  stopProgress(): void {
    this.#bar?.hide();
    this.#bar = undefined;
  }
}

function write(stream: OutputStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

function ignore(): void {
  // Handled by each write, or of no use to anybody.
}
