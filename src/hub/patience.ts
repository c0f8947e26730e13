import { FetchError } from '../core/index.js';
import { untilAborted } from '../core/until-aborted.js';

/** Whether the same request may well succeed later: no answer, a cut one, or a server that says it is at fault or busy. */
export function isPassing(error: unknown): error is FetchError {
  if (!(error instanceof FetchError)) return false;
  const { status } = error;
  return status === undefined || status === 408 || status === 429 || status >= 500;
}

/** How often one piece of work is tried again after an error that may pass. */
export class Patience {
  readonly #waitsMs: readonly number[];
  #failures = 0;

  /** @param waitsMs the wait before each further attempt, in milliseconds */
  constructor(waitsMs: readonly number[]) {
    this.#waitsMs = waitsMs;
  }

  /** Waits before the next attempt. Throws the error where another attempt is no use; the abort reason. */
  async wait(error: unknown, signal?: AbortSignal): Promise<void> {
    const waitMs = this.#waitsMs[this.#failures];
    if (!isPassing(error) || waitMs === undefined) throw error;
    this.#failures += 1;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, waitMs)));
    await untilAborted(over, signal).finally(() => {
      clearTimeout(timer);
    });
  }

  /** Something went well. */
  renew(): void {
    this.#failures = 0;
  }
}
