import { RequestError } from './request-error.js';

/** The longest `Retry-After`, in seconds. */
const MAX_RETRY_AFTER_S = 30;
/** Share of a new measurement in the mean. */
const NEWEST = 0.1;

/** Lets so many requests in at once, and none any more once it is closed. */
export class Admission {
  readonly #max: number;
  #count = 0;
  #isClosed = false;
  #meanMs = 0;
  #whenEmpty: (() => void)[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  get count(): number {
    return this.#count;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Why a request that comes now would not be let in, or undefined. */
  get refusal(): RequestError | undefined {
    if (this.#isClosed) return new RequestError(503, 'SHUTTING_DOWN', 'The server is shutting down.', 1);
    if (this.#count < this.#max) return undefined;
    // A request that comes when those of now are done finds a place.
    const seconds = Math.min(MAX_RETRY_AFTER_S, Math.max(1, Math.ceil(this.#meanMs / 1000)));
    return new RequestError(503, 'OVERLOADED', `The server is busy. Try again in ${seconds} s.`, seconds);
  }

  /**
   * Lets a request in.
   *
   * @returns lets it out again; may be called more than once
   * @throws RequestError 503
   */
  enter(): () => void {
    const { refusal } = this;
    if (refusal !== undefined) throw refusal;
    this.#count += 1;
    const entered = performance.now();
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#count -= 1;
      this.#meanMs += NEWEST * (performance.now() - entered - this.#meanMs);
      if (this.#count === 0) for (const tell of this.#whenEmpty.splice(0)) tell();
    };
  }

  /** Lets nobody in any more. @returns when the last one is out */
  close(): Promise<void> {
    this.#isClosed = true;
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }
}
