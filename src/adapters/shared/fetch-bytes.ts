import { explainFetchError } from '../../core/explain-fetch-error.js';
import { CaptioneerError, FetchError } from '../../core/index.js';
import { StopSignal, type StopOptions } from '../../core/stop-signal.js';
import { ignore, untilAborted } from '../../core/until-aborted.js';
import { readStream } from './read-stream.js';

/** How a URL is asked. `signal` stops the asking; its reason is thrown. */
export interface FetchOptions extends StopOptions {
  /** Asks the URL. Default the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** The option that sets `timeoutMs`, for messages. */
  readonly timeoutName: string;
  /** What to do where there is no answer. Default to check the address and the network. */
  readonly advice?: string | undefined;
}

/** How a URL is fetched. */
export interface FetchBytesOptions extends FetchOptions {
  /** Most bytes of an answer. */
  readonly maxBytes: number;
  /** Hears how many bytes have arrived, and of how many, where the server tells. */
  readonly onBytes?: ((loadedBytes: number, totalBytes: number | undefined) => void) | undefined;
}

/**
 * Fetches a URL whole. Whatever ends it early also ends the connection.
 *
 * @throws FetchError where there is no answer, one with an error status, or one too long; the abort reason untouched
 */
export function fetchBytes(url: URL, options: FetchBytesOptions): Promise<Uint8Array> {
  return ask(url, options, (response, name, stop) => readBody(response, name, options, stop));
}

/**
 * Whether there is a file behind a URL. It is asked as for its bytes, which are not waited for: a signed link allows nothing
 * else. A web page is none: some servers answer with one for every address that they do not know.
 *
 * @throws FetchError where there is no answer, or the server says that it is at fault; the abort reason untouched
 */
export function isThere(url: URL, options: FetchOptions): Promise<boolean> {
  return ask(url, options, (response, name) => {
    cancelBody(response);
    if (response.status >= 500) throw refusal(response, name);
    return Promise.resolve(response.ok && !/^text\/html/i.test(response.headers.get('content-type') ?? ''));
  });
}

async function ask<T>(
  url: URL,
  options: FetchOptions,
  use: (response: Response, name: string, stop: StopSignal) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const name = urlName(url);
  if (name !== url.href) {
    const hint = 'Leave them out, and give a fetch of your own that sends them in a header.';
    throw new FetchError(name, `${name}: an address with a user name or password is not fetched. ${hint}`);
  }
  const stop = new StopSignal(options, () => timeoutError(name, options));
  try {
    const asked = (options.fetch ?? fetch)(url.href, { signal: stop.signal });
    // An injected fetch may ignore the signal and answer when nobody waits any more.
    asked.then((late) => (stop.signal.aborted ? cancelBody(late) : undefined), ignore);
    const response = await untilAborted(asked, stop.signal);
    stop.restart();
    return await use(response, name, stop);
  } catch (error) {
    stop.signal.throwIfAborted();
    if (CaptioneerError.isInstance(error)) throw error;
    throw new FetchError(
      name,
      `${name}: the request failed (${explainFetchError(error)}). ${options.advice ?? 'Check the address and the network.'}`,
      { cause: error },
    );
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

async function readBody(
  response: Response,
  name: string,
  options: FetchBytesOptions,
  stop: StopSignal,
): Promise<Uint8Array> {
  if (!response.ok) {
    cancelBody(response);
    throw refusal(response, name);
  }
  const { status, headers, body } = response;
  const tooLong = (): Error =>
    new FetchError(name, `${name} answered with more than the ${options.maxBytes} bytes allowed.`, { status });
  // The length of an encoded answer is not that of its content.
  const totalBytes = headers.has('content-encoding') ? undefined : lengthOf(headers);
  if ((lengthOf(headers) ?? 0) > options.maxBytes) {
    cancelBody(response);
    throw tooLong();
  }
  if (body === null) return new Uint8Array(0);
  let loadedBytes = 0;
  const onChunk = (chunk: Uint8Array): void => {
    stop.restart();
    loadedBytes += chunk.byteLength;
    options.onBytes?.(loadedBytes, totalBytes);
  };
  return readStream(body, { maxBytes: options.maxBytes, tooLong, onChunk, signal: stop.signal });
}

function lengthOf(headers: Headers): number | undefined {
  const length = headers.get('content-length');
  return length === null ? undefined : Number(length);
}

function refusal({ status, statusText }: Response, name: string): FetchError {
  return new FetchError(name, `${name} answered ${`${status} ${statusText}`.trim()}. Check the address.`, { status });
}

function cancelBody(response: Response): void {
  void response.body?.cancel().catch(ignore);
}

function timeoutError(name: string, { timeoutOf, timeoutMs, timeoutName }: FetchOptions): FetchError {
  const what = timeoutOf === 'answer' ? 'no complete answer' : 'not a byte';
  const advice = `Check the address and the network, or raise ${timeoutName}.`;
  return new FetchError(name, `${name}: ${what} within ${timeoutMs} ms (timeout). ${advice}`);
}
