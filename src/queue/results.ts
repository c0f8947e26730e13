import { access, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileWhole } from '../adapters/node/files/write-file-whole.js';

/** Where results go. Writing one again changes nothing, so that a job may run more than once. */
export interface ResultStore {
  /** Whether there is a result of this id. */
  has(id: string): Promise<boolean>;
  /** Keeps a result; of two with one id either may stay. */
  write(id: string, result: object): Promise<void>;
  /** Releases what it holds; a worker that is closed calls it. */
  close?(): Promise<void>;
  /** Asks to be told of what is wrong with its connection. */
  onError?(listener: (error: Error) => void): void;
}

/**
 * Results as files of a folder, which may be shared by machines: `<folder>/<first two digits of the id>/<id>.json`, one line of JSON
 * each, so that `cat` makes JSON Lines of them. A file is there whole or not at all.
 */
export function folderResults(folder: string): ResultStore {
  const pathOf = (id: string): string => join(folder, id.slice(0, 2), `${id}.json`);
  return {
    has: (id) =>
      access(pathOf(id)).then(
        () => true,
        () => false,
      ),
    write: async (id, result) => {
      const path = pathOf(id);
      await mkdir(dirname(path), { recursive: true });
      await writeFileWhole(path, `${JSON.stringify(result)}\n`);
    },
  };
}
