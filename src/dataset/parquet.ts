import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as zlib from 'node:zlib';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type Compressors } from 'hyparquet';
import { DatasetError, ImageUnreadableError } from '../core/index.js';
import type { DatasetImage } from './dataset-image.js';
import { readNamed } from './read-named.js';

/** Columns that are looked for, in this order, if none is named. */
const COLUMNS = ['image', 'img', 'jpg', 'jpeg', 'png', 'webp', 'picture', 'photo'];
const PATH_COLUMNS = ['path', 'file', 'file_name', 'filename', 'image_path', 'image_url', 'url', 'URL', 'uri'];

/** Snappy is the reader's own. */
const COMPRESSORS: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ZSTD: (input) => {
    const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array };
    if (zstdDecompressSync) return zstdDecompressSync(input);
    throw new Error('Zstandard needs Node 22.15 or newer');
  },
};

/**
 * The images of a Parquet file: a column of paths or URLs, of the bytes of image files, or of both, `{ bytes, path }`, as Hugging Face
 * writes datasets. Row groups are read one after another, so that one of them is in memory. A path is looked for beside the Parquet file
 * first.
 *
 * @param column its name; undefined: the first of `image`, `img`, `jpg`, …, `path`, `file_name`, `url`, …
 * @throws DatasetError if the file is not Parquet, or has no such column
 */
export async function* imagesOfParquet(
  path: string,
  maxBytes: number,
  column: string | undefined,
): AsyncGenerator<DatasetImage, void, void> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((cause: unknown) => {
    throw new DatasetError(path, `${path}: this is not a Parquet file (${(cause as Error).message}).`, { cause });
  });
  const name = columnOf(path, metadata.schema, column);
  let rowStart = 0;
  for (const { num_rows: count } of metadata.row_groups) {
    const rowEnd = rowStart + Number(count);
    const options = { file, metadata, columns: [name], rowStart, rowEnd, utf8: false, compressors: COMPRESSORS };
    const rows = await parquetReadObjects(options).catch((cause: unknown) => {
      throw new DatasetError(
        path,
        `${path}: rows ${rowStart} to ${rowEnd} cannot be read (${(cause as Error).message}).`,
        {
          cause,
        },
      );
    });
    for (const [index, row] of rows.entries()) yield await imageOf(path, rowStart + index, row[name], maxBytes);
    rowStart = rowEnd;
  }
}

function columnOf(
  path: string,
  schema: readonly { readonly name: string; readonly num_children?: number }[],
  wanted: string | undefined,
): string {
  const names = topNames(schema);
  const found = (wanted === undefined ? [...COLUMNS, ...PATH_COLUMNS] : [wanted]).find((name) => names.includes(name));
  if (found !== undefined) return found;
  const problem = wanted === undefined ? 'no column that is known to have images' : `no column "${wanted}"`;
  throw new DatasetError(path, `${path}: there is ${problem}; give one of these: ${names.join(', ')}.`);
}

/** Names of columns that are not within others. The schema is a tree, written depth first from its root. */
function topNames(schema: readonly { readonly name: string; readonly num_children?: number }[]): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    const children = schema[at]?.num_children ?? 0;
    at += 1;
    for (let child = 0; child < children; child += 1) skip();
  };
  while (at < schema.length) {
    names.push(schema[at]!.name);
    skip();
  }
  return names;
}

async function imageOf(parquet: string, row: number, value: unknown, maxBytes: number): Promise<DatasetImage> {
  const { bytes, path } = partsOf(value);
  if (bytes) {
    const name = `${parquet}#${row}${extensionOf(bytes)}`;
    const isTooLarge = bytes.length > maxBytes;
    const problem = `${name}: the image has more than ${maxBytes} bytes.`;
    const read = () => (isTooLarge ? Promise.reject(new ImageUnreadableError(name, problem)) : Promise.resolve(bytes));
    return { name, read };
  }
  if (path === undefined) {
    const name = `${parquet}#${row}`;
    return { name, read: () => Promise.reject(new ImageUnreadableError(name, `${name}: this row has no image.`)) };
  }
  const beside = join(dirname(parquet), path);
  const name = (await exists(beside)) ? beside : path;
  return { name, read: () => readNamed(name) };
}

function partsOf(value: unknown): { readonly bytes?: Uint8Array; readonly path?: string } {
  if (typeof value === 'string') return value === '' ? {} : { path: value };
  if (ArrayBuffer.isView(value)) {
    const bytes = value as Uint8Array;
    // A path in a column that is not declared as text is short, and has no control characters.
    const text = bytes.length < 4096 ? Buffer.from(bytes).toString() : '';
    if (text !== '' && !/[\p{Cc}\ufffd]/u.test(text)) return { path: text };
    return bytes.length === 0 ? {} : { bytes };
  }
  if (typeof value !== 'object' || value === null) return {};
  const { bytes, path } = value as { readonly bytes?: unknown; readonly path?: unknown };
  if (ArrayBuffer.isView(bytes) && bytes.byteLength > 0) return { bytes: bytes as Uint8Array };
  return partsOf(path);
}

/** Of the names of images, by how their files begin. */
function extensionOf(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (start.startsWith('\xff\xd8')) return '.jpg';
  if (start.startsWith('\x89PNG')) return '.png';
  if (start.startsWith('GIF8')) return '.gif';
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return '.webp';
  return start.startsWith('II*\0') || start.startsWith('MM\0*') ? '.tif' : '.img';
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
