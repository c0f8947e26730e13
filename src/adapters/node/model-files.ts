import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, ModelFileError, type ModelFiles } from '../../core/index.js';
import { embeddedModelFolder } from './embedded-model.js';
import { fetchBytes, urlName } from './fetch-bytes.js';
import { modelFilePath } from './model-file-path.js';
import { errorCode, explainFileError, readFile } from './read-file.js';
import { pathOfUrl } from './source-kind.js';

/** How the files of a model are read. */
export interface ModelFilesOptions {
  /** Asks URLs. Default the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Longest silence of a server, in milliseconds. */
  readonly timeoutMs: number;
  /** Most bytes of one file. */
  readonly maxBytes: number;
}

/**
 * Finds the files of a model.
 *
 * @param source a folder (path or `file:` URL), an http(s) URL of a folder, or undefined for the embedded default model
 * @throws ModelFileError where there is no such folder; InvalidArgumentError for a source of another form
 */
export async function openModelFiles(
  source: string | URL | undefined,
  options: ModelFilesOptions,
): Promise<ModelFiles> {
  if (source === undefined) return folderFiles(await embeddedModelFolder(), options);
  const url = urlOf(source);
  if (url === undefined) return folderFiles(await findFolder(String(source)), options);
  if (url.protocol === 'http:' || url.protocol === 'https:') return urlFiles(url, options);
  if (url.protocol === 'file:') return folderFiles(await findFolder(pathOfUrl(url, 'source')), options);
  throw new InvalidArgumentError(
    'source',
    `A model comes from a folder, a file: or an http(s): URL, not from ${url.href}.`,
  );
}

function urlOf(source: string | URL): URL | undefined {
  if (typeof source !== 'string') return new URL(source.href);
  if (source === '') throw new InvalidArgumentError('source', 'The model source is empty. Give a folder or a URL.');
  // One letter before the colon is a Windows drive.
  return /^(file:|[a-z][a-z0-9+.-]+:\/\/)/i.test(source) && URL.canParse(source) ? new URL(source) : undefined;
}

/**
 * The folder that a path names. A bare name, such as `captioneer-model-x`, is a path like any other; this is the place
 * where it could be looked up among the installed packages.
 */
async function findFolder(path: string): Promise<string> {
  const folder = resolve(path);
  const found = await stat(folder).catch((cause: unknown) => {
    throw new ModelFileError(
      folder,
      errorCode(cause) === 'ENOENT'
        ? `There is no model folder "${path}" (looked for ${folder}). Give the path or URL of a folder with a captioneer.json.`
        : `${folder}: ${explainFileError(cause)}`,
      { cause },
    );
  });
  if (found.isDirectory()) return folder;
  throw new ModelFileError(
    folder,
    `${folder} is a file. Give the model folder that holds captioneer.json, not a file in it.`,
  );
}

function folderFiles(folder: string, { maxBytes }: ModelFilesOptions): ModelFiles {
  return {
    location: folder,
    async read(name, signal) {
      signal?.throwIfAborted();
      const path = join(folder, modelFilePath(name));
      const tooLong = (): Error => new ModelFileError(path, `${path} is larger than the ${maxBytes} bytes allowed.`);
      try {
        return await readFile(path, { maxBytes, tooLong, signal });
      } catch (cause) {
        signal?.throwIfAborted();
        if (cause instanceof ModelFileError) throw cause;
        throw new ModelFileError(path, `${path}: ${explainFileError(cause)}`, { cause });
      }
    },
  };
}

function urlFiles(folder: URL, options: ModelFilesOptions): ModelFiles {
  const base = new URL(folder);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return {
    location: urlName(base).replace(/\/$/, ''),
    async read(name, signal) {
      signal?.throwIfAborted();
      const url = new URL(base);
      // Escaped, so that nothing in a name is taken for a part of the URL; a query (a signed link) stays.
      url.pathname += modelFilePath(name).split('/').map(encodeURIComponent).join('/');
      return fetchBytes(url, { ...options, timeoutOf: 'silence', timeoutName: 'modelTimeoutMs', signal });
    },
  };
}
