import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import type { DatasetImage } from '../dataset-image.js';
import type { Journal } from '../journal.js';

/** Digits of the number that names a sample. */
const DIGITS = 9;

/**
 * Writes images with their captions as a WebDataset tar: of each sample `000000000.jpg` (the image's own bytes), `.txt` (the caption) and
 * `.json` (its record). Images without a caption are left out.
 *
 * @returns samples written
 */
export async function writeWebDataset(
  path: string,
  images: AsyncIterable<DatasetImage>,
  journal: Pick<Journal, 'byName'>,
): Promise<number> {
  const archive = pack();
  const output = archive.pipe(createWriteStream(path));
  const done = finished(output);
  done.catch(() => undefined); // it is awaited below
  let count = 0;
  for await (const image of images) {
    const record = await journal.byName(image.name);
    if (record === undefined) continue;
    const key = String(count++).padStart(DIGITS, '0');
    const [, extension = 'bin'] = /\.([^./\\]+)$/.exec(image.name) ?? [];
    await add(archive, `${key}.${extension.toLowerCase()}`, Buffer.from(await image.read()));
    await add(archive, `${key}.txt`, Buffer.from(record.text));
    await add(archive, `${key}.json`, Buffer.from(JSON.stringify(record)));
    if (output.writableNeedDrain) await Promise.race([once(output, 'drain'), done]);
  }
  archive.finalize();
  await done;
  return count;
}

/** The same bytes give the same archive: no time, no owner. */
function add(archive: Pack, name: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry({ name, mtime: new Date(0), mode: 0o644 }, bytes, (error) => (error ? reject(error) : resolve()));
  });
}
