/** When a {@link StopSignal} stops. */
export interface StopOptions {
  /** Longest wait, in milliseconds; above 0, or infinite. */
  readonly timeoutMs: number;
  /** What `timeoutMs` limits: the whole answer, or each wait for its next piece. */
  readonly timeoutOf: 'answer' | 'silence';
  /** Stops it too; its reason is the reason. */
  readonly signal?: AbortSignal | undefined;
}

/** setTimeout takes no more; beyond it, it fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One signal that aborts with the caller's, or when the time is over. Every one must be brought to its `end`. */
export class StopSignal {
  readonly #controller = new AbortController();
  readonly #options: StopOptions;
  readonly #overdue: () => Error;
  readonly #onAbort = (): void => {
    this.#controller.abort(this.#options.signal?.reason);
  };
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param overdue the reason if the time is over */
  constructor(options: StopOptions, overdue: () => Error) {
    this.#options = options;
    this.#overdue = overdue;
    options.signal?.addEventListener('abort', this.#onAbort);
    this.#startTimer();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something arrived. */
  restart(): void {
    if (this.#options.timeoutOf === 'silence') this.#startTimer();
  }

  /** Leaves nothing behind. */
  end(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }

  #startTimer(): void {
    clearTimeout(this.#timer);
    if (this.#options.timeoutMs > LONGEST_TIMER_MS) return;
    this.#timer = setTimeout(() => {
      this.#controller.abort(this.#overdue());
    }, this.#options.timeoutMs);
  }
}
