import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ModelFileError } from '../../../core/index.js';
import { thisFile } from '../files/this-file.js';

const PACKAGE_NAME = 'captioneer';
const MODEL_FOLDER = join('models', 'default');

/**
 * The folder of the model that comes with the package, whether this code runs from the sources or from a bundle in
 * `dist`: the nearest folder above whose package.json has the package's name.
 *
 * @throws ModelFileError where there is none, as when an application's bundler has moved this code
 */
export async function embeddedModelFolder(start = dirname(thisFile())): Promise<string> {
  for (let folder = start; ; folder = dirname(folder)) {
    if ((await packageName(folder)) === PACKAGE_NAME) return join(folder, MODEL_FOLDER);
    if (folder === dirname(folder)) break;
  }
  throw new ModelFileError(
    MODEL_FOLDER,
    `The embedded model was not found: no folder above ${start} is the package "${PACKAGE_NAME}". Where a bundler has moved ` +
      `the code, leave "${PACKAGE_NAME}" out of the bundle, or name the model's folder.`,
  );
}

async function packageName(folder: string): Promise<unknown> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return (manifest as { name?: unknown } | null)?.name;
  } catch {
    return undefined; // No package.json here, or one that is not JSON: look further up.
  }
}
