import { link, symlink, unlink } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { errorCode } from '../read-file.js';

/**
 * Lets `path` show the file `target`: by a relative symbolic link, so that the folder may be moved, or, where the system
 * allows none (Windows without developer mode), by a hard link. What was at `path` is replaced.
 */
export async function linkFile(target: string, path: string): Promise<void> {
  await unlink(path).catch(ignoreAbsence);
  try {
    await symlink(relative(dirname(path), target), path);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') throw error;
    await link(target, path);
  }
}

function ignoreAbsence(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}
