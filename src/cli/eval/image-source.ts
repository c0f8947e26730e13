import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '../console/usage-error.js';

/** An image of the references, found. */
interface FoundImage {
  /** Its name in the references. */
  readonly image: string;
  /** Its file, or what the tar file holds of it. */
  readonly source: string | Uint8Array;
}

/** Gives those of the wanted images that are there, one after another. */
export type ImageSource = (wanted: ReadonlySet<string>, signal: AbortSignal) => AsyncGenerator<FoundImage, void>;

/**
 * Images of a folder or of a tar file.
 *
 * @throws UsageError if there is no such folder or file
 */
export async function openImageSource(path: string): Promise<ImageSource> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new UsageError(`--images: there is no folder or file "${path}"`);
  return found.isDirectory() ? (wanted, signal) => imagesOfFolder(path, wanted, signal) : imagesOfTar.bind(null, path);
}

async function* imagesOfFolder(
  folder: string,
  wanted: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<FoundImage, void> {
  for (const image of wanted) {
    signal.throwIfAborted();
    const path = join(folder, image);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile()) yield { image, source: path };
  }
}

async function* imagesOfTar(
  path: string,
  wanted: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<FoundImage, void> {
  const { default: tar } = await import('tar-stream');
  const entries = tar.extract();
  const reading = pipeline(createReadStream(path), entries, { signal });
  reading.catch(() => undefined); // It comes through the entries, too.
  let isFile = false;
  try {
    for await (const entry of entries) {
      isFile = true;
      const name = entry.header.name.replace(/^\.\//, '');
      const image = [name, name.slice(name.lastIndexOf('/') + 1)].find((known) => wanted.has(known));
      if (image === undefined || entry.header.type !== 'file') {
        entry.resume();
        continue;
      }
      const pieces: Uint8Array[] = [];
      for await (const piece of entry) pieces.push(piece as Uint8Array);
      yield { image, source: Buffer.concat(pieces) };
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new UsageError(`--images: "${path}" cannot be read as a tar file (${(cause as Error).message})`);
  }
  if (!isFile) throw new UsageError(`--images: "${path}" is neither a folder nor a tar file with images`);
}
