import type { Dirent } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import picomatch from 'picomatch';
import { isImageName } from '../adapters/node/files/image-name.js';
import { DatasetError } from '../core/index.js';
import type { DatasetImage } from './dataset-image.js';
import { imagesOfParquet } from './parquet.js';
import { readLines } from './read-lines.js';
import { MAX_IMAGE_BYTES, readNamed } from './read-named.js';
import { imagesOfTar } from './tar.js';

/** Entries of a folder that are read at once. */
const FOLDER_BUFFER = 256;

/**
 * The images that inputs stand for, one after another: of a folder and those within it, of a pattern (`photos/**\/*.jpg`), of a list of
 * names or URLs (`.txt`, one a line), of a tar archive, of a Parquet file (a column of paths, URLs or the bytes of image files), or a file
 * itself. Nothing is gathered, so a million names take no more memory than one.
 * The order within a folder is that of the file system. Hidden files and folders are left out, links to folders not followed.
 *
 * @param options.column of Parquet files; default the first of `image`, `img`, `jpg`, …, `path`, `file_name`, `url`, …
 * @throws DatasetError if an input is not there, or is not what its name says
 */
export async function* datasetImages(
  inputs: readonly string[],
  options: { readonly column?: string } = {},
): AsyncGenerator<DatasetImage, void, void> {
  for (const input of inputs) {
    const found = await stat(input).catch(() => undefined);
    if (found?.isDirectory()) yield* imagesOfFolder(input);
    else if (/\.tar$/i.test(input) && found) yield* imagesOfTar(input, MAX_IMAGE_BYTES);
    else if (/\.parquet$/i.test(input) && found) yield* imagesOfParquet(input, MAX_IMAGE_BYTES, options.column);
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
  return { name: path, read: () => readNamed(path) };
}
