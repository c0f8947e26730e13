import { CaptioneerError, FetchError } from '../../core/index.js';
import { readStream } from './read-stream.js';
import { errorCode } from './read-file.js';
import { ignore, untilAborted } from './until-aborted.js';

/** How a URL is asked. */
export interface FetchBytesOptions {
  /** Asks the URL. Default the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Longest wait, in milliseconds; above 0, or infinite. */
  readonly timeoutMs: number;
  /** What `timeoutMs` limits: the whole answer, or each wait for its next piece. */
  readonly timeoutOf: 'answer' | 'silence';
  /** The option that sets `timeoutMs`, for messages. */
  readonly timeoutName: string;
  /** Most bytes of an answer. */
  readonly maxBytes: number;
  /** Stops the asking; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fetches a URL whole. Whatever ends it early also ends the connection.
 *
 * @throws FetchError where there is no answer, one with an error status, or one too long; the abort reason untouched
 */
export async function fetchBytes(url: URL, options: FetchBytesOptions): Promise<Uint8Array> {
  options.signal?.throwIfAborted();
  const name = urlName(url);
  if (name !== url.href) {
    const hint = 'Leave them out, and give a fetch of your own that sends them in a header.';
    throw new FetchError(name, `${name}: an address with a user name or password is not fetched. ${hint}`);
  }
  const stop = new Stop(options, () => timeoutError(name, options));
  try {
    const asked = (options.fetch ?? fetch)(url.href, { signal: stop.signal });
    // An injected fetch may ignore the signal and answer when nobody waits any more.
    asked.then((late) => (stop.signal.aborted ? cancelBody(late) : undefined), ignore);
    const response = await untilAborted(asked, stop.signal);
    stop.restart();
    return await readBody(response, name, options, stop);
  } catch (error) {
    stop.signal.throwIfAborted();
    if (CaptioneerError.isInstance(error)) throw error;
    throw new FetchError(name, `${name}: ${explain(error)} Check the address and the network.`, { cause: error });
  } finally {
    stop.end();
  }
}

/** A URL for messages, without user name and password. */
export function urlName(url: URL): string {
  if (url.username === '' && url.password === '') return url.href;
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href;
}

async function readBody(response: Response, name: string, options: FetchBytesOptions, stop: Stop): Promise<Uint8Array> {
  const { status, statusText } = response;
  if (!response.ok) {
    cancelBody(response);
    throw new FetchError(name, `${name} answered ${`${status} ${statusText}`.trim()}. Check the address.`, { status });
  }
  const tooLong = (): Error =>
    new FetchError(name, `${name} answered with more than the ${options.maxBytes} bytes allowed.`, { status });
  if (Number(response.headers.get('content-length') ?? 0) > options.maxBytes) {
    cancelBody(response);
    throw tooLong();
  }
  if (response.body === null) return new Uint8Array(0);
  const onChunk = (): void => {
    stop.restart();
  };
  return readStream(response.body, { maxBytes: options.maxBytes, tooLong, onChunk, signal: stop.signal });
}

function cancelBody(response: Response): void {
  void response.body?.cancel().catch(ignore);
}

function timeoutError(name: string, { timeoutOf, timeoutMs, timeoutName }: FetchBytesOptions): FetchError {
  const what = timeoutOf === 'answer' ? 'no complete answer' : 'not a byte';
  const advice = `Check the address and the network, or raise ${timeoutName}.`;
  return new FetchError(name, `${name}: ${what} within ${timeoutMs} ms (timeout). ${advice}`);
}

/** Node's fetch says "fetch failed" and hides what failed in the cause. */
function explain(error: unknown): string {
  const inner = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const reason = errorCode(inner) ?? (inner instanceof Error ? inner.message : String(inner));
  return `the request failed (${reason}).`;
}

/** setTimeout takes no more; beyond it, it fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One signal that aborts with the caller's, or when the time is over. */
class Stop {
  readonly #controller = new AbortController();
  readonly #options: FetchBytesOptions;
  readonly #overdue: () => Error;
  readonly #onAbort = (): void => {
    this.#controller.abort(this.#options.signal?.reason);
  };
  #timer: NodeJS.Timeout | undefined;

  constructor(options: FetchBytesOptions, overdue: () => Error) {
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
