import { createLogUpdate } from 'log-update';
import type { OutputStream } from './command-io.js';

const BAR_WIDTH = 24;
/** A terminal is not redrawn more often. */
const REDRAW_MS = 100;

/** What stands before and after the numbers: `3/6 images`, `12/345 MB of encoder.onnx`. */
export interface ProgressUnit {
  /** How much one step of the shown numbers is worth; 1e6 shows bytes as megabytes. */
  readonly scale: number;
  /** What is counted. */
  readonly label: string;
}

/** A progress bar on the last line of a terminal, from the first `show` or `update` on. It can be hidden while other lines are written. */
export class ProgressLine {
  readonly #draw: ReturnType<typeof createLogUpdate>;
  readonly #columns: () => number;
  readonly #unit: ProgressUnit;
  readonly #total: number | undefined;
  readonly #started = performance.now();
  #value = 0;
  #drawn = -Infinity;

  /**
   * @param total what there is to do, in the unit of `update`; undefined if unknown
   */
  constructor(stream: OutputStream, total: number | undefined, unit: ProgressUnit) {
    // The cursor is left alone, so that nothing needs to be restored however the process ends.
    this.#draw = createLogUpdate(stream, { showCursor: true });
    this.#columns = () => stream.columns ?? 80;
    this.#total = total;
    this.#unit = unit;
  }

  /** Counts one more. */
  advance(): void {
    this.update(this.#value + 1);
  }

  /** Sets how much is done. */
  update(value: number): void {
    this.#value = value;
    if (value === this.#total || performance.now() - this.#drawn >= REDRAW_MS) this.show();
  }

  /** Clears the line, so that another one can be written. */
  hide(): void {
    this.#draw.clear();
  }

  /** Draws the line again. */
  show(): void {
    this.#drawn = performance.now();
    const elapsedMs = this.#drawn - this.#started;
    // A line of the terminal's full width would wrap.
    this.#draw(progressText(this.#value, this.#total, this.#unit, elapsedMs).slice(0, this.#columns() - 1));
  }
}

/** `3/6 images [============------------] 2s left`; without a total, only how much is done. */
function progressText(
  value: number,
  total: number | undefined,
  { scale, label }: ProgressUnit,
  elapsedMs: number,
): string {
  const done = Math.round(value / scale);
  if (total === undefined) return `${done} ${label}`;
  const share = total === 0 ? 1 : Math.min(1, value / total);
  const filled = Math.floor(share * BAR_WIDTH);
  const bar = '='.repeat(filled) + '-'.repeat(BAR_WIDTH - filled);
  const left = value > 0 ? ` ${duration((elapsedMs * (total - value)) / value)} left` : '';
  return `${done}/${Math.round(total / scale)} ${label} [${bar}]${left}`;
}

/** `7s`, `2m10s`, `3h05m`. */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const pad = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}m${pad(seconds % 60)}s` : `${Math.floor(minutes / 60)}h${pad(minutes % 60)}m`;
}
