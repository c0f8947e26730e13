import { ModelFileError, type Manifest, type ModelFiles } from '../core/index.js';
import { filesOf, MANIFEST_FILE } from './load-model.js';
import { parseManifest } from './manifest/parse-manifest.js';
import { readJsonText } from './read-json.js';

/** Files beside those that are loaded, for people. */
const FOR_PEOPLE = ['README.md', 'LICENSE'];

/**
 * The manifest of a model folder, without its graphs and words.
 *
 * @throws ModelFileError if it has none; ManifestError, FetchError, the abort reason
 */
export async function readManifest(files: ModelFiles, signal?: AbortSignal): Promise<Manifest> {
  if (!(await files.has(MANIFEST_FILE, signal))) {
    const message = `${files.location} has no ${MANIFEST_FILE}: it is not a model folder of captioneer.`;
    throw new ModelFileError(MANIFEST_FILE, message);
  }
  return parseManifest(await readJsonText(files, MANIFEST_FILE, signal), `${files.location}/${MANIFEST_FILE}`);
}

/**
 * Names of all files that belong to a model folder: the manifest, those that it names, and, if they are there, card and licence.
 *
 * @throws as {@link readManifest}
 */
export async function listModelFiles(files: ModelFiles, signal?: AbortSignal): Promise<string[]> {
  const manifest = await readManifest(files, signal);
  const names = [MANIFEST_FILE, ...filesOf(manifest).map(({ file }) => file)];
  for (const name of new Set([...(manifest.modelCard === undefined ? [] : [manifest.modelCard]), ...FOR_PEOPLE])) {
    if (await files.has(name, signal)) names.push(name);
  }
  return names;
}
