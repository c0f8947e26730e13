import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { modelFilePath } from '../../core/model-file-path.js';
import type { ModelFiles } from '../../core/index.js';
import { listModelFiles } from '../../model/index.js';

/**
 * Writes the files of a model to a folder. The manifest comes last: a folder that has one has all.
 *
 * @throws what reading the model throws; the file system's error; the abort reason
 */
export async function copyModelFiles(
  files: ModelFiles,
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly count: number; readonly bytes: number }> {
  const [manifest, ...others] = await listModelFiles(files, signal);
  let bytes = 0;
  for (const name of [...others, manifest as string]) {
    signal.throwIfAborted();
    const content = await files.read(name, signal);
    const path = join(folder, modelFilePath(name));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.partial`, content, { signal });
    await rename(`${path}.partial`, path);
    bytes += content.byteLength;
  }
  return { count: others.length + 1, bytes };
}
