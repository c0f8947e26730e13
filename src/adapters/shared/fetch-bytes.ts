import { FetchError } from '../../core/index.js';
import {
  cancelBody,
  Exchange,
  explainStatus,
  isTransient,
  retryAfterMs,
  RetryPolicy,
  type ExchangeOptions,
} from '../../http/index.js';
import { readStream, type ReadStreamOptions } from './read-stream.js';

export { urlName } from '../../http/index.js';

/** How a URL is fetched. */
export interface FetchBytesOptions extends ExchangeOptions {
  /** Most bytes of an answer. */
  readonly maxBytes: number;
  /** Hears how many bytes have arrived, and of how many, if the server tells. */
  readonly onBytes?: ((loadedBytes: number, totalBytes: number | undefined) => void) | undefined;
}

/** A server that asks to wait (`Retry-After`) is asked again so often, with no wait beyond that. */
const BUSY_WAITS_MS = [0, 0];

/**
 * Fetches a URL whole. Whatever ends it early also ends the connection. A server that is busy and says for how long is asked again, if
 * that is within `timeoutMs`.
 *
 * @throws FetchError if there is no answer, one with an error status, or one too long; the abort reason untouched
 */
export async function fetchBytes(url: URL, options: FetchBytesOptions): Promise<Uint8Array> {
  const deadline = Date.now() + options.timeoutMs;
  const policy = new RetryPolicy(BUSY_WAITS_MS);
  for (;;) {
    try {
      return await fetchOnce(url, { ...options, timeoutMs: Math.max(1, deadline - Date.now()) });
    } catch (error) {
      const waitMs = isTransient(error) ? error.retryAfterMs : undefined;
      if (waitMs === undefined || Date.now() + waitMs >= deadline) throw error;
      await policy.wait(error, options.signal);
    }
  }
}

async function fetchOnce(url: URL, options: FetchBytesOptions): Promise<Uint8Array> {
  const exchange = await Exchange.open(url, options);
  const { response, name, signal } = exchange;
  const { maxBytes, onBytes } = options;
  const totalBytes = totalOf(response);
  let loadedBytes = 0;
  const onChunk = (chunk: Uint8Array): void => {
    exchange.restartTimer();
    loadedBytes += chunk.byteLength;
    onBytes?.(loadedBytes, totalBytes);
  };
  const tooLong = (): Error =>
    new FetchError(name, `${name} answered with more than the ${maxBytes} bytes allowed.`, { status: response.status });
  try {
    return await responseBytes(response, name, { maxBytes, tooLong, onChunk, signal });
  } catch (error) {
    throw exchange.explain(error);
  } finally {
    exchange.close();
  }
}

/**
 * The body of an answer.
 *
 * @param name stands for the answer in messages
 * @throws FetchError for an error status; `tooLong()`; the abort reason
 */
export async function responseBytes(response: Response, name: string, options: ReadStreamOptions): Promise<Uint8Array> {
  if (!response.ok) throw refusal(response, name);
  if ((lengthOf(response.headers) ?? 0) > options.maxBytes) {
    cancelBody(response);
    throw options.tooLong();
  }
  return response.body === null ? new Uint8Array(0) : readStream(response.body, options);
}

/**
 * Whether there is a file behind a URL. It is asked as for its bytes, which are not waited for: a signed link allows nothing
 * else. A web page is none: some servers answer with one for every address that they do not know.
 *
 * @throws FetchError if there is no answer, or the server is busy or at fault; the abort reason untouched
 */
export async function isThere(url: URL, options: ExchangeOptions): Promise<boolean> {
  const exchange = await Exchange.open(url, options);
  const { response, name } = exchange;
  exchange.close();
  if (response.status >= 500 || response.status === 429) throw refusal(response, name);
  return response.ok && !/^text\/html/i.test(response.headers.get('content-type') ?? '');
}

/** Bytes that will come; unknown for an encoded answer, whose length is not that of its content. */
function totalOf({ headers }: Response): number | undefined {
  return headers.has('content-encoding') ? undefined : lengthOf(headers);
}

function lengthOf(headers: Headers): number | undefined {
  const length = headers.get('content-length');
  return length === null ? undefined : Number(length);
}

function refusal(response: Response, name: string): FetchError {
  cancelBody(response);
  const { status, statusText, headers } = response;
  const waitMs = retryAfterMs(headers);
  return new FetchError(name, `${name} answered ${`${status} ${statusText}`.trim()}: ${explainStatus(response)}`, {
    status,
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  });
}
