import { ImageUnreadableError } from '../../../core/index.js';
import { StopSignal } from '../../../async/stop-signal.js';
import { ignore, untilAborted } from '../../../async/until-aborted.js';

/** How much is decoded at once, and for how long. */
export interface DecodeQueueOptions {
  /** Images that are decoded at once; others wait in the order in which they came. */
  readonly maxConcurrentDecodes: number;
  /** Longest decoding of one image, in milliseconds, its wait not counted. */
  readonly imageTimeoutMs: number;
}

/**
 * Bounds how many images are decoded at once, and how long a caller waits for one.
 *
 * A decoder that runs cannot be stopped in every case, so its place stays taken until it has come to its end, also if nobody waits
 * for it any more: the bound is one on work, not on callers.
 */
export class DecodeQueue {
  readonly #options: DecodeQueueOptions;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: DecodeQueueOptions) {
    this.#options = options;
  }

  /**
   * @param name stands for the image in messages
   * @throws what `work` throws; ImageUnreadableError if it takes too long; the abort reason
   */
  async run<T>(name: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(signal);
    const { imageTimeoutMs: timeoutMs } = this.#options;
    const stop = new StopSignal({ timeoutMs, timeoutOf: 'answer', signal }, () => overdue(name, timeoutMs));
    const working = work();
    void working.catch(ignore).finally(() => {
      this.#leave();
    });
    return untilAborted(working, stop.signal).finally(() => {
      stop.end();
    });
  }

  async #enter(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#running < this.#options.maxConcurrentDecodes) {
      this.#running += 1;
      return;
    }
    let enter: () => void = ignore;
    const turn = new Promise<void>((resolve) => {
      enter = resolve;
      this.#waiting.push(enter);
    });
    try {
      await untilAborted(turn, signal);
    } catch (reason) {
      const at = this.#waiting.indexOf(enter);
      if (at >= 0) this.#waiting.splice(at, 1);
      else this.#leave(); // Its turn came in the same moment.
      throw reason;
    }
  }

  /** Passes the place on, or gives it back. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}

/** The error for an image that takes longer to decode than it may. */
export function overdue(name: string, timeoutMs: number): ImageUnreadableError {
  return new ImageUnreadableError(
    name,
    `${name}: the image is not decoded after ${timeoutMs} ms (timeout). Shrink it, or raise imageTimeoutMs.`,
  );
}
