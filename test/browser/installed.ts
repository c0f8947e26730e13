import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of the first command of these names that this machine has; undefined if it has none. */
export function findCommand(...names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Why tests that need a browser are skipped: undefined if it is there. On CI a missing one is an error, so that nobody takes
 * tests that did not run for tests that passed.
 *
 * @param debianPackage the package that brings it
 */
export function whyMissing(path: string | undefined, name: string, debianPackage: string): string | undefined {
  if (path !== undefined) return undefined;
  const why = `no ${name} on this machine: install it (apt-get install ${debianPackage}) to run these tests`;
  if (process.env.CI) throw new Error(why);
  console.warn(`Skipped: ${why}.`);
  return why;
}
