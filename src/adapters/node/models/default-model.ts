import { existsSync } from 'node:fs';
import { createRequire as requireFrom } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelFileError } from '../../../core/index.js';
import { thisFile } from '../files/this-file.js';
import { defaultModelFiles } from './default-model-files.js';

const MANIFEST = 'captioneer.json';
/** The manifest, as package.json exports it. */
const EXPORTED_MANIFEST = 'captioneer/models/default/captioneer.json';

/**
 * Where the files of the model that comes with the package are, by name. They lie beside this code, in the sources as in the
 * package; if a bundler has moved the code, they are looked for in the package captioneer, from there and from the working
 * directory.
 *
 * @param beside addresses of the files beside this code
 * @param places files from which the package is looked for
 * @throws ModelFileError if it is found in none of these places
 */
export function locateDefaultModel(
  beside: () => Readonly<Record<string, URL>> = defaultModelFiles,
  places: readonly string[] = [thisFile(), join(process.cwd(), 'package.json')],
): (name: string) => string {
  const paths = pathsBeside(beside);
  if (paths) return (name) => paths.get(name) ?? join(dirname(paths.get(MANIFEST)!), name);
  for (const place of places) {
    const manifest = resolved(place);
    if (manifest !== undefined) return (name) => join(dirname(manifest), name);
  }
  throw new ModelFileError(
    MANIFEST,
    `The default model was not found: neither beside ${thisFile()}, nor in a package "captioneer" installed there or for ` +
      `${process.cwd()}. If a bundler has moved the code, leave "captioneer" out of the bundle (mark it as external), or name ` +
      "a model's folder.",
  );
}

/** The paths of files that are all there; a bundler may have replaced an address by one of another kind. */
function pathsBeside(files: () => Readonly<Record<string, URL>>): ReadonlyMap<string, string> | undefined {
  try {
    const paths = new Map(Object.entries(files()).map(([name, url]) => [name, fileURLToPath(url)]));
    return [...paths.values()].every((path) => existsSync(path)) ? paths : undefined;
  } catch {
    return undefined;
  }
}

function resolved(place: string): string | undefined {
  try {
    return requireFrom(place).resolve(EXPORTED_MANIFEST);
  } catch {
    return undefined; // Not installed there.
  }
}
