import { explainFetchError } from './explain-fetch-error.js';
import { CaptioneerError, FetchError } from '../core/index.js';
import { StopSignal, type StopOptions } from '../async/stop-signal.js';
import { ignore, untilAborted } from '../async/until-aborted.js';

/** How a URL is asked. `signal` stops the asking; its reason is thrown. */
export interface ExchangeOptions extends StopOptions {
  /** Asks the URL. Default the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** The option that sets `timeoutMs`, for messages. */
  readonly timeoutName: string;
  /** What to do if there is no answer. Default to check the address and the network. */
  readonly advice?: string | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Value of the header `Authorization`. It is sent to the origin of the URL alone, and not to where that redirects. */
  readonly authorization?: string | undefined;
  /**
   * Who follows redirects: `'library'` goes from one to the next itself, and so knows each address before it is asked;
   * `'fetch'` leaves it to `fetch`, as browsers require. Default `'fetch'`.
   */
  readonly redirects?: 'library' | 'fetch' | undefined;
  /** With redirects followed by the library: hears of each address before it is asked, and may refuse by throwing. */
  readonly checkAddress?: ((url: URL) => void | Promise<void>) | undefined;
}

/** Browsers and Node follow as many. */
const MOST_REDIRECTS = 20;

/** A connection on which fewer bytes than this arrive within the time for silence counts as silent. */
const SIGN_OF_LIFE_BYTES = 2 ** 14;

/** A URL for messages, without user name and password. */
export function urlName(url: URL): string {
  if (url.username === '' && url.password === '') return url.href;
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href;
}

/** One request and its answer. Every one must be brought to its `close`, which also ends the connection. */
export class Exchange {
  readonly response: Response;
  /** The URL that was asked, for messages. */
  readonly name: string;
  readonly #stop: StopSignal;
  readonly #advice: string;

  private constructor(response: Response, name: string, stop: StopSignal, advice: string) {
    this.response = response;
    this.name = name;
    this.#stop = stop;
    this.#advice = advice;
  }

  /**
   * Asks a URL, and waits for the head of the answer.
   *
   * @throws FetchError if there is no answer; what `checkAddress` throws; the abort reason untouched
   */
  static async open(url: URL, options: ExchangeOptions): Promise<Exchange> {
    options.signal?.throwIfAborted();
    const name = urlName(url);
    if (name !== url.href) {
      const hint = 'Leave them out, and give a fetch of your own that sends them in a header.';
      throw new FetchError(name, `${name}: an address with a user name or password is not fetched. ${hint}`);
    }
    const stop = new StopSignal(options, () => timeoutError(name, options));
    const advice = options.advice ?? 'Check the address and the network.';
    try {
      const response = await request(url, name, options, stop.signal);
      stop.restart();
      return new Exchange(response, name, stop, advice);
    } catch (error) {
      stop.end();
      throw explain(error, name, stop.signal, advice);
    }
  }

  /** Aborts with the caller's signal, or when the time is over. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Something arrived. */
  restartTimer(): void {
    this.#stop.restart();
  }

  /**
   * The content, piece by piece.
   *
   * @throws FetchError if the connection breaks or is silent for too long; the abort reason
   */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const reader = this.response.body?.getReader();
    let pending = 0;
    try {
      while (reader) {
        const chunk = await untilAborted(reader.read(), this.signal);
        if (chunk.done) return;
        pending += chunk.value.byteLength;
        if (pending >= SIGN_OF_LIFE_BYTES) {
          this.#stop.restart();
          pending = 0;
        }
        yield chunk.value;
      }
    } catch (error) {
      throw this.explain(error);
    } finally {
      void reader?.cancel().catch(ignore);
    }
  }

  /** What went wrong while the answer was used, as the caller hears of it. */
  explain(error: unknown): unknown {
    return explain(error, this.name, this.signal, this.#advice);
  }

  /** Leaves nothing behind. */
  close(): void {
    this.#stop.end();
    cancelBody(this.response);
  }
}

async function request(url: URL, name: string, options: ExchangeOptions, signal: AbortSignal): Promise<Response> {
  const byHand = options.redirects === 'library';
  const fetching = options.fetch ?? (globalThis as Partial<typeof globalThis>).fetch;
  if (!fetching)
    throw new FetchError(name, `${name}: there is no fetch here, as in jsdom. Give one as the option fetch.`);
  let at = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    if (byHand) await options.checkAddress?.(at);
    const headers = { ...options.headers, ...(at.origin === url.origin && authorization(options)) };
    const asked = fetching(at.href, { headers, signal, ...(byHand && { redirect: 'manual' }) });
    // An injected fetch may ignore the signal and answer when nobody waits any more.
    asked.then((late) => {
      if (signal.aborted) cancelBody(late);
    }, ignore);
    const response = await untilAborted(asked, signal);
    const location = byHand && isRedirect(response) ? response.headers.get('location') : null;
    if (location === null) return response;
    cancelBody(response);
    at = nextAddress(location, at, name);
  }
  throw new FetchError(name, `${name} redirects more than ${MOST_REDIRECTS} times. Check the address.`);
}

function authorization({ authorization: value }: ExchangeOptions): Record<string, string> {
  return value === undefined ? {} : { authorization: value };
}

function isRedirect({ status }: Response): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function nextAddress(location: string, from: URL, name: string): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  if (next && /^https?:$/.test(next.protocol) && next.href === urlName(next)) return next;
  throw new FetchError(name, `${name} redirects to an address that is not fetched. Check the address.`, {
    status: 302,
  });
}

function explain(error: unknown, name: string, signal: AbortSignal, advice: string): unknown {
  if (signal.aborted) return signal.reason;
  if (CaptioneerError.isInstance(error)) return error;
  return new FetchError(name, `${name}: the request failed (${explainFetchError(error)}). ${advice}`, { cause: error });
}

/** Gives up the rest of an answer. */
export function cancelBody(response: Response): void {
  void response.body?.cancel().catch(ignore);
}

function timeoutError(name: string, { timeoutOf, timeoutMs, timeoutName }: ExchangeOptions): FetchError {
  const what = timeoutOf === 'answer' ? 'no complete answer' : 'the server was silent or too slow';
  const advice = `Check the address and the network, or raise ${timeoutName}.`;
  return new FetchError(name, `${name}: ${what} within ${timeoutMs} ms (timeout). ${advice}`);
}
