import type { ListFileEntry } from '@huggingface/hub';
import { explainFetchError } from '../core/explain-fetch-error.js';
import { CaptioneerError, FetchError } from '../core/index.js';
import { StopSignal } from '../core/stop-signal.js';
import { untilAborted } from '../core/until-aborted.js';
import type { HubFile } from './hub-file.js';
import { hubRefusal } from './hub-refusal.js';
import type { HubLibrary, HubSettings } from './hub-settings.js';
import { isCommit } from './hub-id.js';
import { Patience } from './patience.js';

/** What every function of the library takes. */
type HubRequest = Pick<Parameters<HubLibrary['listFiles']>[0], 'hubUrl' | 'accessToken' | 'fetch' | 'revision'>;

/** Asks a hub about one model, through `@huggingface/hub`. Errors that may pass are waited out a few times. */
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
  commitOf(revision: string, signal?: AbortSignal): Promise<string> {
    return this.#patiently(revision, signal, async (request) => {
      const { modelInfo } = await this.#settings.loadLibrary();
      const { sha } = await modelInfo({ ...request, name: this.#id, additionalFields: ['sha'] });
      if (typeof sha !== 'string' || !isCommit(sha)) throw new Error('an answer without the commit of the model');
      return sha;
    });
  }

  /**
   * All files of a commit.
   *
   * @throws FetchError, or the abort reason
   */
  files(commit: string, signal?: AbortSignal): Promise<HubFile[]> {
    return this.#patiently(commit, signal, async (request) => {
      const { listFiles } = await this.#settings.loadLibrary();
      const files: HubFile[] = [];
      for await (const entry of listFiles({ ...request, repo: this.#repo, recursive: true })) {
        if (entry.type === 'file') files.push(asHubFile(entry));
      }
      return files;
    });
  }

  /**
   * The content of a file from byte `from` on. A connection that breaks is taken up again where it broke.
   *
   * @throws FetchError, or the abort reason
   */
  async *content(commit: string, { path, bytes }: HubFile, from: number, signal?: AbortSignal) {
    const patience = new Patience(this.#settings.retryWaitsMs);
    for (let at = from; at < bytes;) {
      signal?.throwIfAborted();
      try {
        for await (const chunk of this.#stream(commit, path, at, signal)) {
          at += chunk.byteLength;
          patience.renew();
          yield chunk;
        }
        if (at < bytes) throw new FetchError(path, `${this.#id}: ${path} was cut short: ${at} of ${bytes} bytes came.`);
      } catch (error) {
        await patience.wait(error, signal);
      }
    }
  }

  get #repo(): { type: 'model'; name: string } {
    return { type: 'model', name: this.#id };
  }

  async #patiently<T>(
    revision: string,
    signal: AbortSignal | undefined,
    ask: (request: HubRequest) => Promise<T>,
  ): Promise<T> {
    for (const patience = new Patience(this.#settings.retryWaitsMs); ;) {
      signal?.throwIfAborted();
      const exchange = new Exchange(this.#id, revision, this.#settings, signal);
      try {
        return await untilAborted(ask(exchange.request), exchange.stop.signal);
      } catch (error) {
        await patience.wait(exchange.explain(error), signal);
      } finally {
        exchange.stop.end();
      }
    }
  }

  /** One connection's worth of a file. */
  async *#stream(commit: string, path: string, from: number, signal: AbortSignal | undefined) {
    const { downloadFile } = await this.#settings.loadLibrary();
    const exchange = new Exchange(this.#id, commit, this.#settings, signal);
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    try {
      // Plain HTTP, not the hub's chunked protocol (xet): it can be resumed at any byte.
      const blob = await downloadFile({ ...exchange.request, repo: this.#repo, path, xet: false });
      reader = blob?.slice(from).stream().getReader();
      for (;;) {
        const chunk = await untilAborted(reader?.read() ?? Promise.resolve(undefined), exchange.stop.signal);
        exchange.stop.restart();
        if (!chunk || chunk.done) return;
        yield chunk.value;
      }
    } catch (error) {
      throw exchange.explain(error);
    } finally {
      exchange.stop.end();
      void reader?.cancel().catch(() => undefined);
    }
  }
}

/** One use of the library: its requests end with the caller's signal or after a long silence, and their errors are ours. */
class Exchange {
  readonly stop: StopSignal;
  readonly request: HubRequest;
  readonly #id: string;
  readonly #settings: HubSettings;
  readonly #revision: string;
  #url: string;
  /** The library passes on the message of an error in the midst of a file, but not the error. */
  #failure: unknown;

  constructor(id: string, revision: string, settings: HubSettings, signal: AbortSignal | undefined) {
    const { hubUrl, token, timeoutMs } = settings;
    this.#id = id;
    this.#settings = settings;
    this.#revision = revision;
    this.#url = hubUrl;
    this.stop = new StopSignal({ timeoutMs, timeoutOf: 'silence', signal }, () => this.#overdue());
    this.request = {
      hubUrl,
      revision,
      fetch: (...request) => this.#fetch(...request),
      ...(token !== undefined && { accessToken: token }),
    };
  }

  /** What went wrong, as the caller hears of it. */
  explain(error: unknown): unknown {
    const { signal } = this.stop;
    if (signal.aborted) return signal.reason;
    if (this.#failure !== undefined) return this.#failure;
    if (CaptioneerError.isInstance(error)) return error;
    const reason = explainFetchError(error);
    return new FetchError(this.#url, `${this.#id}: ${this.#url} gave no proper answer (${reason}).`, { cause: error });
  }

  async #fetch(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    const { fetch: ask = fetch, hubUrl, token, names } = this.#settings;
    this.#url = input instanceof Request ? input.url : String(input);
    try {
      const response = await ask(input, { ...init, signal: this.stop.signal });
      this.stop.restart();
      if (response.ok && (isPart(response) || !new Headers(init?.headers).has('range'))) return response;
      void response.body?.cancel().catch(() => undefined);
      const asked = { hubUrl, id: this.#id, revision: this.#revision, hasToken: token !== undefined, names };
      throw response.ok ? this.#rangeIgnored() : hubRefusal(response, this.#url, asked);
    } catch (error) {
      this.#failure = CaptioneerError.isInstance(error) ? error : this.#unreachable(error);
      throw this.#failure;
    }
  }

  #unreachable(cause: unknown): FetchError {
    const { unreachable } = this.#settings.names;
    const message = `${this.#id}: ${this.#url}: the request failed (${explainFetchError(cause)}). ${unreachable}`;
    return new FetchError(this.#url, message, { cause });
  }

  #rangeIgnored(): FetchError {
    const found = 'gave the whole file instead';
    return new FetchError(this.#url, `${this.#url} was asked for a part of a file (Range) and ${found}.`, {
      status: 200,
    });
  }

  #overdue(): FetchError {
    const { timeoutMs } = this.#settings;
    return new FetchError(this.#url, `${this.#id}: ${this.#url}: not a byte within ${timeoutMs} ms (timeout).`);
  }
}

/** Asked for a part, a hub may also answer with where its chunked protocol (xet) finds the file, and with its size. */
function isPart({ status, headers }: Response): boolean {
  return status === 206 || headers.get('content-type')?.includes('application/vnd.xet-fileinfo+json') === true;
}

function asHubFile({ path, size, oid, lfs }: ListFileEntry): HubFile {
  if (lfs) return { path, bytes: lfs.size, digest: { algorithm: 'sha256', hex: lfs.oid } };
  if (oid === undefined) throw new Error(`a listing without the hash of ${path}`);
  return { path, bytes: size, digest: { algorithm: 'git-sha1', hex: oid } };
}
