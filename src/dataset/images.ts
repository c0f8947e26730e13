import type { Dirent } from 'node:fs';
import { opendir, open, stat } from 'node:fs/promises';
import picomatch from 'picomatch';
import { isImageName } from '../adapters/node/files/image-name.js';
import { DatasetError, ImageUnreadableError } from '../core/index.js';
import type { DatasetImage } from './dataset-image.js';
import { readLines } from './read-lines.js';
import { imagesOfTar } from './tar.js';

/** No more bytes of an image are read: 256 MiB. */
const MAX_IMAGE_BYTES = 2 ** 28;
/** Entries of a folder that are read at once. */
const FOLDER_BUFFER = 256;

/**
 * The images that inputs stand for, one after another: of a folder and those within it, of a pattern (`photos/**\/*.jpg`), of a list of
 * names (`.txt`, one a line), of a tar archive, or a file itself. Nothing is gathered, so a million names take no more memory than one.
 * The order within a folder is that of the file system. Hidden files and folders are left out, links to folders not followed.
 *
 * @throws DatasetError if an input is not there
 */
export async function* datasetImages(inputs: readonly string[]): AsyncGenerator<DatasetImage, void, void> {
  for (const input of inputs) {
    const found = await stat(input).catch(() => undefined);
    if (found?.isDirectory()) yield* imagesOfFolder(input);
    else if (/\.tar$/i.test(input) && found) yield* imagesOfTar(input, MAX_IMAGE_BYTES);
    else if (/\.(txt|lst|list)$/i.test(input) && found) yield* imagesOfList(input);
    else if (found) yield imageOfFile(input);
    else if (picomatch.scan(input).isGlob) yield* imagesOfPattern(input);
    else throw new DatasetError(input, `${input}: there is no such file or folder.`);
  }
}

async function* imagesOfFolder(
  folder: string,
  accepts: (path: string) => boolean = () => true,
): AsyncGenerator<DatasetImage, void, void> {
  for await (const entry of await opendir(folder, { bufferSize: FOLDER_BUFFER })) {
    if (entry.name.startsWith('.')) continue;
    const path = `${folder.replace(/\/$/, '')}/${entry.name}`;
    if (entry.isDirectory()) yield* imagesOfFolder(path, accepts);
    else if (isImageFile(entry) && accepts(path)) yield imageOfFile(path);
  }
}

/** A link may lead to a file; what else it leads to is told when it is read. */
function isImageFile(entry: Dirent): boolean {
  return (entry.isFile() || entry.isSymbolicLink()) && isImageName(entry.name);
}

async function* imagesOfPattern(pattern: string): AsyncGenerator<DatasetImage, void, void> {
  const { base } = picomatch.scan(pattern);
  const folder = base === '' ? '.' : base;
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new DatasetError(pattern, `${pattern}: there is no folder ${folder}.`);
  }
  const isMatch = picomatch(pattern.replace(/^\.\//, ''));
  yield* imagesOfFolder(folder, (path) => isMatch(path.replace(/^\.\//, '')));
}

async function* imagesOfList(list: string): AsyncGenerator<DatasetImage, void, void> {
  for await (const { text } of readLines(list)) yield imageOfFile(text);
}

function imageOfFile(path: string): DatasetImage {
  return { name: path, read: () => readImageFile(path) };
}

async function readImageFile(path: string): Promise<Uint8Array> {
  // Opening a pipe would wait for its other end.
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  if (!found.isFile()) throw new ImageUnreadableError(path, `${path}: this is not a regular file.`);
  if (found.size > MAX_IMAGE_BYTES) {
    throw new ImageUnreadableError(path, `${path}: the file has more than ${MAX_IMAGE_BYTES} bytes.`);
  }
  const file = await open(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    return await file.readFile();
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    await file.close();
  }
}

function unreadable(path: string, cause: unknown): ImageUnreadableError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new ImageUnreadableError(path, `${path}: the file cannot be read (${code ?? message}).`, { cause });
}
