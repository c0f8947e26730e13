import { clearLine, cursorTo } from 'node:readline';
import cliProgress, { type Options, type Params } from 'cli-progress';
import type { OutputStream } from './command-io.js';

/** A bar on the last line of a terminal that can make way for other lines. */
export class ProgressBar {
  readonly #terminal: OneLineTerminal;
  readonly #bar: cliProgress.SingleBar;
  #value = 0;

  /** Shows it. */
  constructor(stream: OutputStream, total: number, text: BarText) {
    this.#terminal = new OneLineTerminal(stream);
    const options: Options & { terminal: OneLineTerminal } = {
      terminal: this.#terminal,
      format: text,
      barsize: 24,
      clearOnComplete: true,
      forceRedraw: true,
      // Cursor and wrapping are left as they are, so that nothing needs restoring however the process ends.
      hideCursor: false,
      linewrap: true,
      gracefulExit: false,
    };
    this.#bar = new cliProgress.SingleBar(options);
    this.#bar.start(total, 0);
  }

  /** Counts one more. */
  advance(): void {
    this.update(this.#value + 1);
  }

  /** Shows how much is done. */
  update(value: number): void {
    this.#value = value;
    this.#bar.update(value);
  }

  /** Clears its line for something else. */
  hide(): void {
    this.#terminal.clear();
  }

  /** Draws it again, below what was written meanwhile. */
  show(): void {
    this.#bar.render();
  }

  /** Takes it away for good. */
  stop(): void {
    this.#bar.stop();
  }
}

/** What a bar says. */
export type BarText = (options: Options, params: Params) => string;

/** `3/6 pictures [=====-----] 2s left`; how long it takes is not known before the first. */
export const picturesText: BarText = (options, params) =>
  `${params.value}/${params.total} pictures [${barOf(options, params)}]${timeLeft(options, params)}`;

/** `12/345 MB of onnx/encoder_model.onnx [=====-----] 2s left`; only what has come, where a server tells no length. */
export function downloadText(file: string): BarText {
  return (options, params) => {
    const loaded = Math.round(params.value / 1e6);
    const total = Math.round(params.total / 1e6);
    if (params.total === 0) return `${loaded} MB of ${file}`;
    return `${loaded}/${total} MB of ${file} [${barOf(options, params)}]${timeLeft(options, params)}`;
  };
}

function barOf(options: Options, params: Params): string {
  return cliProgress.Format.BarFormat(params.progress, options);
}

function timeLeft(options: Options, params: Params): string {
  return params.value > 0 ? ` ${cliProgress.Format.TimeFormat(params.eta, options, 5)} left` : '';
}

/**
 * What the bar draws on, in the shape that cli-progress asks for. Its own one saves the cursor's position at the start
 * and returns there at the end; when lines have been printed in between, that is in the midst of them.
 */
class OneLineTerminal {
  readonly #stream: OutputStream;

  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  isTTY(): boolean {
    return true;
  }

  getWidth(): number {
    return this.#stream.columns ?? 80;
  }

  /** A line that fills the whole width would wrap. */
  write(text: string): void {
    this.#stream.write(text.slice(0, this.getWidth() - 1));
  }

  cursorTo(x: number): void {
    cursorTo(this.#stream, x);
  }

  clearRight(): void {
    clearLine(this.#stream, 1);
  }

  clearLine(): void {
    clearLine(this.#stream, 0);
  }

  clear(): void {
    this.cursorTo(0);
    this.clearLine();
  }

  cursorSave(): void {
    // See above.
  }

  cursorRestore(): void {
    // See above.
  }
}
