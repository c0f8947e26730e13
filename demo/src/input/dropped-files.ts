import type { GivenFile } from './given-files.js';

/** The files of a drop, those in folders too. Must be called while the event is handled. */
export async function droppedFiles(transfer: DataTransfer | null): Promise<GivenFile[]> {
  const items = [...(transfer?.items ?? [])].filter(({ kind }) => kind === 'file');
  // What is dropped can be asked for only now, before anything is waited for.
  const dropped = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found = await Promise.all(
    dropped.map(async ({ entry, file }) => {
      if (entry?.isDirectory) return filesOf(entry as FileSystemDirectoryEntry, '');
      return file ? [{ path: file.name, file }] : [];
    }),
  );
  return found.flat();
}

/** @param path of the folder, with a slash at its end */
async function filesOf(folder: FileSystemDirectoryEntry, path: string): Promise<GivenFile[]> {
  const found = await Promise.all(
    (await entriesOf(folder)).map(async (entry): Promise<GivenFile[]> => {
      if (entry.isDirectory) return filesOf(entry as FileSystemDirectoryEntry, `${path}${entry.name}/`);
      const file = await new Promise<File>((resolve, reject) => {
        (entry as FileSystemFileEntry).file(resolve, reject);
      });
      return [{ path: `${path}${entry.name}`, file }];
    }),
  );
  return found.flat();
}

/** A reader gives at most 100 at a time, and none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return all.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
    all.push(...some);
  }
}
