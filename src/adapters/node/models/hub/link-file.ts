import { randomUUID } from 'node:crypto';
import { link, rename, symlink, unlink } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { errorCode } from '../../files/read-file.js';

/**
 * Lets `path` show the file `target`: by a relative symbolic link, so that the folder may be moved, or, if the system
 * allows none (Windows without developer mode), by a hard link. What was at `path` is replaced, and at no time is nothing
 * there: another process may be reading it.
 */
export async function linkFile(target: string, path: string): Promise<void> {
  const fresh = `${path}.${randomUUID()}`;
  try {
    await makeLink(target, fresh);
    await rename(fresh, path);
  } finally {
    // Renaming one hard link of a file to another leaves both.
    await unlink(fresh).catch(ignoreAbsence);
  }
}

async function makeLink(target: string, path: string): Promise<void> {
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
