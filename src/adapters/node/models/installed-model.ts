import { existsSync, readdirSync } from 'node:fs';
import { createRequire as requireFrom } from 'node:module';
import { dirname, join } from 'node:path';
import { ModelFileError } from '../../../core/index.js';
import { errorCode } from '../files/read-file.js';
import { thisFile } from '../files/this-file.js';

/** The scope of the model packages that belong to captioneer. */
const SCOPE = '@captioneer';
const PACKAGE_NAME = /^(?:@[a-z0-9][a-z0-9._~-]*\/)?[a-z0-9][a-z0-9._~-]*$/;

/** Whether a text has the form of an npm package's name, such as `clip-prefix` or `@captioneer/clip-prefix`. */
export function isPackageName(text: string): boolean {
  return PACKAGE_NAME.test(text);
}

/**
 * The folder of a model that is installed as an npm package: the package of that name or, for a name without a scope, of
 * that name under `@captioneer`; looked for from the working directory, then from captioneer itself. None of its code runs.
 *
 * @throws ModelFileError if there is none, with the command that installs it, or if the package is not a model
 */
export function installedModelFolder(name: string): string {
  const names = name.startsWith('@') ? [name] : [name, `${SCOPE}/${name}`];
  const places = searchPlaces();
  let other: string | undefined; // a package of the name that is not a model
  for (const candidate of names) {
    for (const place of places) {
      const { resolve } = requireFrom(place);
      const manifest = resolved(resolve, `${candidate}/captioneer.json`);
      if (manifest.path !== undefined) return dirname(manifest.path);
      if (manifest.isInstalled || resolved(resolve, `${candidate}/package.json`).isInstalled) other ??= candidate;
    }
  }
  throw other === undefined ? notInstalled(name, names) : noModel(other, names);
}

/** The names of the model packages under `@captioneer` that are installed, without the scope, in alphabetical order. */
export function installedModelNames(): string[] {
  const folders = searchPlaces().flatMap((place) => requireFrom(place).resolve.paths(SCOPE) ?? []);
  const names = folders.flatMap((folder) =>
    entriesOf(join(folder, SCOPE)).filter((name) => existsSync(join(folder, SCOPE, name, 'captioneer.json'))),
  );
  return [...new Set(names)].sort();
}

/** The names in a folder; none if it cannot be read. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The files from which packages are looked for: one in the working directory, then captioneer's own. */
function searchPlaces(): string[] {
  return [join(process.cwd(), 'package.json'), thisFile()];
}

/** Where a package's file is. A package that is there may keep the file to itself, or not have it. */
function resolved(resolve: NodeJS.RequireResolve, file: string): { path?: string; isInstalled: boolean } {
  try {
    return { path: resolve(file), isInstalled: true };
  } catch (error) {
    return { isInstalled: errorCode(error) === 'ERR_PACKAGE_PATH_NOT_EXPORTED' };
  }
}

function notInstalled(name: string, names: readonly string[]): ModelFileError {
  return new ModelFileError(
    name,
    `No model "${name}" was found: neither a folder, nor an installed package ${names.map((n) => `"${n}"`).join(' or ')}. ` +
      `Install it (npm install ${names.at(-1)}), or give the path or URL of a folder with a captioneer.json.`,
  );
}

function noModel(found: string, names: readonly string[]): ModelFileError {
  const own = names.at(-1) as string;
  const advice = own === found ? 'Give the name of a model package' : `Install its namesake (npm install ${own})`;
  return new ModelFileError(
    found,
    `The installed package "${found}" is not a model: it has no captioneer.json, or does not export it. ${advice}, or give the ` +
      'path or URL of a model folder.',
  );
}
