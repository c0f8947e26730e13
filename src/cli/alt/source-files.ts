import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SOURCE_EXTENSIONS } from '../../alt/index.js';
import { UsageError } from '../console/usage-error.js';

const IGNORED = ['**/node_modules/**', '**/.git/**'];

/**
 * The source files that arguments stand for: files as they are, in folders all files of the known kinds, and what matches a pattern.
 * What is in node_modules, or begins with a dot, is left out unless it is named.
 *
 * @param excluded patterns of files that are left out
 * @returns paths with slashes, each once, sorted within an argument
 * @throws UsageError if an argument stands for no file; the abort reason
 */
export async function sourceFiles(
  inputs: readonly string[],
  excluded: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const found = new Set<string>();
  for (const input of inputs) {
    signal.throwIfAborted();
    const stats = await stat(input).catch(() => undefined);
    const options = { ignore: [...IGNORED, ...excluded], expandDirectories: false, signal };
    let paths: string[];
    if (stats?.isDirectory()) {
      const inside = await glob(`**/*.{${SOURCE_EXTENSIONS.join(',')}}`, { ...options, cwd: input });
      paths = inside.map((path) => join(input, path).replaceAll('\\', '/'));
    } else {
      paths = stats ? [input] : await glob(input, options);
    }
    if (paths.length === 0) {
      throw new UsageError(`${input}: there is no such file, and it matches no file that is searched for images`);
    }
    for (const path of paths.sort()) found.add(path);
  }
  return [...found];
}
