import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes a file, or replaces one, in one step: whenever the process ends, it is there whole or as it was before.
 *
 * @param mode permissions of the file; default those of a new one
 */
export async function writeFileWhole(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  try {
    const file = await open(fresh, 'w');
    try {
      if (mode !== undefined) await file.chmod(mode);
      await file.writeFile(content);
      // What the new name leads to is on the disk before it has that name.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}
