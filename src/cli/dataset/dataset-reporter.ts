import type { DatasetImage, DatasetProgress } from '../../dataset/index.js';
import type { OutputStream } from '../console/command-io.js';

/** A terminal's line is written anew, and a file gets a line, this often. */
const TERMINAL_MS = 200;
const FILE_MS = 30_000;

/** Inputs whose images are counted only by reading them. */
export const IS_ARCHIVE = /\.(tar|parquet)$/i;

/** Tells on standard error how far a run has come: a line that changes on a terminal, a line now and then elsewhere. */
export class DatasetReporter {
  readonly #stream: OutputStream;
  readonly #isQuiet: boolean;
  readonly #started = performance.now();
  #shown = performance.now();
  #total: number | undefined;
  #hasEnded = false;

  constructor(stream: OutputStream, isQuiet: boolean) {
    this.#stream = stream;
    this.#isQuiet = isQuiet;
  }

  /** Counts the images by their names, beside the run. @param inputs of which archives are not counted */
  async countTotal(images: AsyncIterable<DatasetImage>, inputs: readonly string[]): Promise<void> {
    if (this.#isQuiet || inputs.some((input) => IS_ARCHIVE.test(input))) return;
    let total = 0;
    try {
      for await (const _image of images) {
        if (this.#hasEnded) return;
        total += 1;
      }
      this.#total = total;
    } catch {
      // The run itself says what is wrong.
    }
  }

  show(progress: DatasetProgress): void {
    const isTerminal = this.#stream.isTTY === true;
    const now = performance.now();
    if (this.#isQuiet || this.#hasEnded || now - this.#shown < (isTerminal ? TERMINAL_MS : FILE_MS)) return;
    this.#shown = now;
    const text = progressText(progress, this.#total, now - this.#started);
    this.#stream.write(
      isTerminal ? `\r\x1b[K${text.slice(0, (this.#stream.columns ?? 80) - 1)}` : `captioneer: ${text}\n`,
    );
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#stream.isTTY === true && !this.#isQuiet) this.#stream.write('\r\x1b[K');
  }
}

/** `120/400 images, 3 failed, 14.2 a second, 20 s left`; the rate is of what this run has done. */
export function progressText(progress: DatasetProgress, total: number | undefined, elapsedMs: number): string {
  const { captioned, duplicates, skipped, failed } = progress;
  const done = captioned + duplicates + failed;
  const rate = (1000 * done) / Math.max(1, elapsedMs);
  const all = done + skipped;
  const left = total === undefined || rate === 0 ? undefined : Math.max(0, total - all) / rate;
  const parts = [
    `${all}${total === undefined ? '' : `/${total}`} images`,
    failed > 0 && `${failed} failed`,
    `${rate.toFixed(1)} a second`,
    left !== undefined && `${duration(left)} left`,
  ];
  return parts.filter(Boolean).join(', ');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
