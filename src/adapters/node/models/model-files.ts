import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InvalidArgumentError, ModelFileError, type ModelFiles } from '../../../core/index.js';
import { isHubId } from '../../../hub/index.js';
import { modelFilePath } from '../../../core/model-file-path.js';
import type { ModelFilesOptions } from '../../shared/platform-options.js';
import { urlFiles } from '../../shared/models/url-files.js';
import { locateDefaultModel } from './default-model.js';
import { installedModelFolder, isPackageName } from './installed-model.js';
import { errorCode, explainFileError, sizeOfFile } from '../files/read-file.js';
import { readModelFile, tooLarge } from './read-model-file.js';
import { pathOfUrl } from '../files/path-of-url.js';
import { USER_AGENT } from '../requests.js';

/**
 * Finds the files of a model.
 *
 * @param source a folder (path or `file:` URL), an http(s) URL of a folder, the id of a model on the hub (`owner/name`) or
 *   the name of an installed model package (both if there is no such folder), or undefined for the default model
 * @throws ModelFileError if there is no such folder or package; InvalidArgumentError for a source of another form, or a
 *   revision of what has none; FetchError if the hub gives no answer; the abort reason
 */
export async function findModelFiles(
  source: string | URL | undefined,
  options: ModelFilesOptions,
): Promise<ModelFiles> {
  if (typeof source === 'string' && isHubId(source) && !(await isFolder(source))) {
    const { hubModelFiles } = await import('./hub/hub-model-files.js');
    return hubModelFiles(source, options);
  }
  if (options.revision !== undefined) throw noRevision(source);
  if (source === undefined) {
    const locate = locateDefaultModel();
    return localFiles(dirname(locate('captioneer.json')), (name) => locate(modelFilePath(name)), options);
  }
  const url = urlOf(source);
  if (url === undefined) return folderFiles(await findFolder(String(source)), options);
  if (url.protocol === 'http:' || url.protocol === 'https:') {
    return urlFiles(url, { ...options, headers: { 'user-agent': USER_AGENT } });
  }
  if (url.protocol === 'file:') return folderFiles(await findFolder(String(pathOfUrl(url, 'source'))), options);
  throw new InvalidArgumentError(
    'source',
    `A model comes from a folder, a file: or an http(s): URL, not from ${url.href}.`,
  );
}

function noRevision(source: string | URL | undefined): InvalidArgumentError {
  const what = source === undefined ? 'The default model' : `A folder, package or URL (${String(source)})`;
  return new InvalidArgumentError('revision', `${what} has no revisions; only a model on the hub (owner/name) has.`);
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

function urlOf(source: string | URL): URL | undefined {
  if (typeof source !== 'string') return new URL(source.href);
  if (source === '') throw new InvalidArgumentError('source', 'The model source is empty. Give a folder or a URL.');
  // One letter before the colon is a Windows drive.
  return /^(file:|[a-z][a-z0-9+.-]+:\/\/)/i.test(source) && URL.canParse(source) ? new URL(source) : undefined;
}

/**
 * The folder that a path names or, if there is none and it could be a package's name, that of an installed model.
 */
async function findFolder(path: string): Promise<string> {
  const folder = resolve(path);
  const found = await stat(folder).catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT' && isPackageName(path)) return undefined;
    throw new ModelFileError(
      folder,
      errorCode(cause) === 'ENOENT'
        ? `There is no model folder "${path}" (looked for ${folder}). Give the path or URL of a folder with a captioneer.json.`
        : `${folder}: ${explainFileError(cause)}`,
      { cause },
    );
  });
  if (!found) return installedModelFolder(path);
  if (found.isDirectory()) return folder;
  throw new ModelFileError(
    folder,
    `${folder} is a file. Give the model folder that holds captioneer.json, not a file in it.`,
  );
}

function folderFiles(folder: string, options: ModelFilesOptions): ModelFiles {
  return localFiles(folder, (name) => join(folder, modelFilePath(name)), options);
}

function localFiles(
  location: string,
  pathOf: (name: string) => string,
  { maxBytes }: Pick<ModelFilesOptions, 'maxBytes'>,
): ModelFiles {
  return {
    location,
    read: async (name, signal) => readModelFile(pathOf(name), maxBytes, signal),
    async has(name, signal) {
      signal?.throwIfAborted();
      return (await sizeOfFile(pathOf(name))) !== undefined;
    },
    async locate(name, signal) {
      signal?.throwIfAborted();
      const path = pathOf(name);
      const size = await sizeOfFile(path);
      if (size === undefined) throw new ModelFileError(path, `${path}: ${explainFileError({ code: 'ENOENT' })}`);
      if (size > maxBytes) throw tooLarge(path, maxBytes);
      return path;
    },
  };
}
