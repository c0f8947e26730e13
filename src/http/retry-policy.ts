import { FetchError } from '../core/index.js';
import { untilAborted } from '../async/until-aborted.js';

/** Whether the same request may succeed later: no answer, an answer cut short, or a server that is busy or has an error. */
export function isTransient(error: unknown): error is FetchError {
  if (!(error instanceof FetchError)) return false;
  const { status } = error;
  return status === undefined || status === 408 || status === 429 || status >= 500;
}

/** A server that asks for a longer wait than this (`Retry-After`) is not waited for. */
const LONGEST_WAIT_MS = 60_000;

/** How often one piece of work is tried again after an error that may pass. */
export class RetryPolicy {
  readonly #waitsMs: readonly number[];
  #failures = 0;

  /** @param waitsMs the wait before each further attempt, in milliseconds */
  constructor(waitsMs: readonly number[]) {
    this.#waitsMs = waitsMs;
  }

  /**
   * Does the work, again after each error that may pass.
   *
   * @throws what the work throws; the abort reason
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (;;) {
      signal?.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        await this.wait(error, signal);
      }
    }
  }

  /**
   * Waits before the next attempt, at least as long as the server asks for.
   *
   * @throws the error if another attempt would not help; the abort reason
   */
  async wait(error: unknown, signal?: AbortSignal): Promise<void> {
    const waitMs = this.#waitsMs[this.#failures];
    if (!isTransient(error) || waitMs === undefined) throw error;
    const { retryAfterMs = 0 } = error;
    if (retryAfterMs > LONGEST_WAIT_MS) throw error;
    this.#failures += 1;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(waitMs, retryAfterMs))));
    await untilAborted(over, signal).finally(() => {
      clearTimeout(timer);
    });
  }

  /** Work went forward: the waits start again. */
  renew(): void {
    this.#failures = 0;
  }
}
