import { FetchError, ModelFileError, type FindModelFilesOptions, type ModelFiles } from '../../../core/index.js';
import { modelFilePath } from '../../../core/model-file-path.js';
import { decodeUtf8 } from '../../../text/utf8.js';
import { fetchBytes, isThere, urlName } from '../fetch-bytes.js';

/** How the files of a model behind a URL are fetched. */
export interface UrlFilesOptions extends Pick<FindModelFilesOptions, 'fetch' | 'progress'> {
  /** Longest silence of a server, in milliseconds. */
  readonly timeoutMs: number;
  /** Most bytes of one file. */
  readonly maxBytes: number;
  /** What to do if a server gives no answer. */
  readonly advice?: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The files of a model in a folder behind an http(s) URL. */
export function urlFiles(folder: URL, options: UrlFilesOptions): ModelFiles {
  return new UrlFiles(folder, options);
}

class UrlFiles implements ModelFiles {
  readonly location: string;
  readonly #base: URL;
  readonly #options: UrlFilesOptions;
  /** Small files that were fetched to see whether they are there, for the reading that follows. */
  readonly #fetched = new Map<string, Uint8Array>();

  constructor(folder: URL, options: UrlFilesOptions) {
    this.#base = new URL(folder);
    if (!this.#base.pathname.endsWith('/')) this.#base.pathname += '/';
    this.location = urlName(this.#base).replace(/\/$/, '');
    this.#options = options;
  }

  async read(name: string, signal?: AbortSignal): Promise<Uint8Array> {
    const fetched = this.#fetched.get(name);
    this.#fetched.delete(name);
    const bytes = fetched ?? (await this.#fetch(name, signal));
    if (isWebPage(bytes)) throw webPage(this.#urlOf(name));
    return bytes;
  }

  /** A graph is asked for and not waited for; a file of settings is fetched, so that it is asked for once. */
  async has(name: string, signal?: AbortSignal): Promise<boolean> {
    try {
      if (!name.endsWith('.json')) return await isThere(this.#urlOf(name), { ...this.#asking, signal });
      const bytes = this.#fetched.get(name) ?? (await this.#fetch(name, signal));
      if (isWebPage(bytes)) return false;
      this.#fetched.set(name, bytes);
      return true;
    } catch (error) {
      // Of a file that an extension lacks a browser has no answer at all.
      const isServer = /^https?:$/.test(this.#base.protocol);
      if (error instanceof FetchError && (isRefusal(error) || !isServer)) return false;
      throw error;
    }
  }

  #fetch(file: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const onBytes = (loadedBytes: number, totalBytes: number | undefined): void =>
      this.#options.progress?.({ file, loadedBytes, totalBytes });
    return fetchBytes(this.#urlOf(file), { ...this.#asking, onBytes, signal });
  }

  get #asking() {
    return { ...this.#options, timeoutOf: 'silence', timeoutName: 'limits.modelTimeoutMs' } as const;
  }

  #urlOf(name: string): URL {
    const url = new URL(this.#base);
    // Escaped, so that nothing in a name is taken for a part of the URL; a query (a signed link) stays.
    url.pathname += modelFilePath(name).split('/').map(encodeURIComponent).join('/');
    return url;
  }
}

/** Whether the server has answered that the file does not exist, or not for this caller. */
function isRefusal({ status = 0 }: FetchError): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** Neither JSON nor an ONNX file begins so. */
function isWebPage(bytes: Uint8Array): boolean {
  const start = decodeUtf8(bytes.subarray(0, 64)).trimStart();
  return start.startsWith('<');
}

function webPage(url: URL): ModelFileError {
  const name = urlName(url);
  return new ModelFileError(
    name,
    `${name} is a web page and not a file of a model. Some servers answer with their index.html for every address that they do not ` +
      'know: check the address of the model folder, and that the server has its files.',
  );
}
