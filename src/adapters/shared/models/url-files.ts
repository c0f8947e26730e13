import type { ModelFiles, OpenModelFilesOptions } from '../../../core/index.js';
import { fetchBytes, isThere, urlName } from '../fetch-bytes.js';
import { modelFilePath } from '../../../core/model-file-path.js';

/** How the files of a model behind a URL are fetched. */
export interface UrlFilesOptions extends Pick<OpenModelFilesOptions, 'fetch' | 'progress'> {
  /** Longest silence of a server, in milliseconds. */
  readonly timeoutMs: number;
  /** Most bytes of one file. */
  readonly maxBytes: number;
  /** What to do where a server gives no answer. */
  readonly advice?: string;
}

/** The files of a model in a folder behind an http(s) URL. */
export function urlFiles(folder: URL, options: UrlFilesOptions): ModelFiles {
  const base = new URL(folder);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const urlOfFile = (name: string): URL => {
    const url = new URL(base);
    // Escaped, so that nothing in a name is taken for a part of the URL; a query (a signed link) stays.
    url.pathname += modelFilePath(name).split('/').map(encodeURIComponent).join('/');
    return url;
  };
  const asking = { ...options, timeoutOf: 'silence', timeoutName: 'modelTimeoutMs' } as const;
  return {
    location: urlName(base).replace(/\/$/, ''),
    async read(file, signal) {
      const onBytes = (loadedBytes: number, totalBytes: number | undefined): void =>
        options.progress?.({ file, loadedBytes, totalBytes });
      return fetchBytes(urlOfFile(file), { ...asking, onBytes, signal });
    },
    has: async (name, signal) => isThere(urlOfFile(name), { ...asking, signal }),
  };
}
