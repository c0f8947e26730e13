import type { LoadProgress } from '../index.js';
import type { CommandIo, OutputStream } from './command-io.js';
import type { ProgressBar } from './progress-bar.js';

/** Standard output cannot be written to, as where the disk is full. */
class OutputError extends Error {
  override readonly name = 'OutputError';
}

/**
 * Results on standard output, errors and a progress bar on standard error. Both may be the same terminal: the bar makes
 * way for each line.
 */
export class Output {
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  #bar: ProgressBar | undefined;
  #isReaderGone = false;

  constructor({ stdout, stderr }: Pick<CommandIo, 'stdout' | 'stderr'>) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    // Each write hears of its own error; without a listener the event would end the process.
    stdout.on('error', ignore);
    stderr.on('error', ignore);
  }

  /** Whether the reader of standard output has seen enough and gone, as `head` does. That is no fault. */
  get isReaderGone(): boolean {
    return this.#isReaderGone;
  }

  /**
   * Writes to standard output, and waits until the text is out. Where the reader is gone, it does nothing.
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

  /** Writes a text to standard error. Where nobody hears it, that is that. */
  async printError(text: string): Promise<void> {
    this.#bar?.hide();
    await write(this.#stderr, text).catch(ignore);
    this.#bar?.show();
  }

  /** Shows a progress bar, where standard error is a terminal. */
  async startProgress(total: number): Promise<void> {
    if (this.#stderr.isTTY !== true) return;
    const { picturesText, ProgressBar } = await import('./progress-bar.js');
    this.#bar = new ProgressBar(this.#stderr, total, picturesText);
  }

  /**
   * Prepares a bar for downloads, where standard error is a terminal.
   *
   * @returns shows how far a download is
   */
  async startDownloads(): Promise<((progress: LoadProgress) => void) | undefined> {
    if (this.#stderr.isTTY !== true) return undefined;
    const { downloadText, ProgressBar } = await import('./progress-bar.js');
    let current: string | undefined;
    return ({ file, loadedBytes, totalBytes }) => {
      if (file !== current) {
        this.stopProgress();
        current = file;
        this.#bar = new ProgressBar(this.#stderr, totalBytes ?? 0, downloadText(file));
      }
      this.#bar?.update(loadedBytes);
    };
  }

  /** One more picture is done. */
  advanceProgress(): void {
    this.#bar?.advance();
  }

  /** Takes the progress bar away. May be called more than once. */
  stopProgress(): void {
    this.#bar?.stop();
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
  // Heard elsewhere, or of no use to anybody.
}
