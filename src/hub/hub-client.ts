import { FetchError } from '../core/index.js';
import { Exchange, RetryPolicy } from '../http/index.js';
import { createUtf8Decoder } from '../text/utf8.js';
import type { HubFile } from './hub-file.js';
import { isCommit } from './hub-id.js';
import { hubRefusal } from './hub-refusal.js';
import type { HubSettings } from './hub-settings.js';
import { readListing } from './read-listing.js';

/** Most bytes of one answer of the hub's API; a page of a listing has about 300 kB. */
const MOST_API_BYTES = 2 ** 24;
/** Most pages and files of a listing; a page of a real hub has 1000 entries. */
const MOST_PAGES = 200;
const MOST_FILES = 100_000;
/** So much of a file must arrive before an interrupted download counts as going forward. */
const PROGRESS_BYTES = 2 ** 18;

/**
 * Asks a Hugging Face hub about one model: what a revision stands for, which files it has, and their content
 * (https://huggingface.co/docs/hub/api). Requests that fail for a reason that may pass are tried again.
 */
export class HubClient {
  readonly #id: string;
  readonly #settings: HubSettings;

  /** @param id `owner/name` */
  constructor(id: string, settings: HubSettings) {
    this.#id = id;
    this.#settings = settings;
  }

  /**
   * The commit that a revision stands for now.
   *
   * @throws FetchError, or the abort reason
   */
  async commitOf(revision: string, signal?: AbortSignal): Promise<string> {
    const url = this.#url(`api/models/${this.#id}/revision/${encodeURIComponent(revision)}`);
    const { value } = await this.#json(url, revision, signal);
    const sha = (value as { sha?: unknown } | null)?.sha;
    if (typeof sha === 'string' && isCommit(sha)) return sha;
    throw this.#improper(url, 'an answer without the commit of the model');
  }

  /**
   * All files of a commit.
   *
   * @throws FetchError, or the abort reason
   */
  async files(commit: string, signal?: AbortSignal): Promise<HubFile[]> {
    const files: HubFile[] = [];
    let url: URL | undefined = this.#url(`api/models/${this.#id}/tree/${commit}?recursive=true`);
    for (let pages = 0; url; pages++) {
      const asked: URL = url;
      const { value, link } = await this.#json(asked, commit, signal);
      try {
        files.push(...readListing(value));
      } catch (error) {
        throw this.#improper(asked, (error as Error).message);
      }
      url = this.#nextPage(link, asked);
      if (files.length > MOST_FILES || (url && pages >= MOST_PAGES)) {
        throw this.#improper(asked, `a listing of more than ${MOST_FILES} files or ${MOST_PAGES} pages`);
      }
    }
    return files;
  }

  /**
   * The content of a file from byte `from` on. A connection that breaks is taken up again at that byte.
   *
   * @throws FetchError, or the abort reason
   */
  async *content(commit: string, file: HubFile, from: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const { path, bytes } = file;
    const policy = new RetryPolicy(this.#settings.retryWaitsMs);
    let renewedAt = from;
    for (let at = from; at < bytes;) {
      signal?.throwIfAborted();
      try {
        for await (const chunk of this.#chunks(commit, file, at, signal)) {
          at += chunk.byteLength;
          if (at - renewedAt >= PROGRESS_BYTES) {
            policy.renew();
            renewedAt = at;
          }
          yield chunk;
        }
        if (at < bytes) throw new FetchError(path, `${this.#id}: ${path} was cut short: ${at} of ${bytes} bytes came.`);
      } catch (error) {
        await policy.wait(error, signal);
      }
    }
  }

  /** One connection's worth of a file. */
  async *#chunks(commit: string, { path, bytes }: HubFile, from: number, signal: AbortSignal | undefined) {
    const url = this.#url(`${this.#id}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`);
    // A part of an encoded answer could not be told from a part of the file.
    const part = from > 0 && { range: `bytes=${from}-${bytes - 1}`, 'accept-encoding': 'identity' };
    const exchange = await this.#open(url, commit, 'silence', signal, part || {});
    try {
      // A server that does not know parts sends the whole.
      let surplus = exchange.response.status === 206 ? 0 : from;
      for await (const chunk of exchange.chunks()) {
        const skipped = Math.min(surplus, chunk.byteLength);
        surplus -= skipped;
        if (skipped < chunk.byteLength) yield chunk.subarray(skipped);
      }
    } finally {
      exchange.close();
    }
  }

  /** An answer of the API, and its header `Link`. */
  #json(url: URL, revision: string, signal: AbortSignal | undefined): Promise<{ value: unknown; link: string | null }> {
    return new RetryPolicy(this.#settings.retryWaitsMs).run(async () => {
      const exchange = await this.#open(url, revision, 'answer', signal, {});
      try {
        const decoder = createUtf8Decoder();
        let text = '';
        let bytes = 0;
        for await (const chunk of exchange.chunks()) {
          bytes += chunk.byteLength;
          if (bytes > MOST_API_BYTES) throw this.#improper(url, `an answer of more than ${MOST_API_BYTES} bytes`);
          text += decoder.decode(chunk, { stream: true });
        }
        return { value: this.#parse(text + decoder.decode(), url), link: exchange.response.headers.get('link') };
      } finally {
        exchange.close();
      }
    }, signal);
  }

  async #open(
    url: URL,
    revision: string,
    timeoutOf: 'answer' | 'silence',
    signal: AbortSignal | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<Exchange> {
    const { hubUrl, token, names, timeoutMs, fetch, redirects } = this.#settings;
    const exchange = await Exchange.open(url, {
      timeoutMs,
      timeoutOf,
      timeoutName: 'limits.modelTimeoutMs',
      signal,
      fetch,
      redirects,
      advice: names.unreachable,
      headers: { ...this.#settings.headers, ...headers },
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    });
    if (exchange.response.ok) return exchange;
    exchange.close();
    const asked = { hubUrl, id: this.#id, revision, hasToken: token !== undefined, names };
    throw hubRefusal(exchange.response, url.href, asked);
  }

  #url(path: string): URL {
    return new URL(`${this.#settings.hubUrl}/${path}`);
  }

  #parse(text: string, url: URL): unknown {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw this.#improper(url, 'an answer that is not JSON');
    }
  }

  /** The next page of a listing, from the header `Link` (RFC 8288). It must be the hub's own: it is asked with the token. */
  #nextPage(link: string | null, page: URL): URL | undefined {
    const next = /<([^<>]*)>\s*;\s*rel="?next"?/i.exec(link ?? '')?.[1];
    if (next === undefined) return undefined;
    const url = URL.canParse(next, page.href) ? new URL(next, page.href) : undefined;
    if (url?.origin === page.origin) return url;
    throw this.#improper(page, 'a listing whose next page is elsewhere');
  }

  #improper(url: URL, found: string): FetchError {
    const message = `${this.#id}: ${url.href} gave ${found}. Check the address of the hub.`;
    return new FetchError(url.href, message, { status: 200 });
  }
}
