import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { isImageName } from '../adapters/node/files/image-name.js';
import { DatasetError, ImageUnreadableError } from '../core/index.js';
import type { DatasetImage } from './dataset-image.js';

/**
 * The files of a tar archive, one after another.
 *
 * @param maxBytes of a file; of a larger one `bytes` is undefined
 * @throws DatasetError if it is not a tar archive or is cut short
 */
export async function* readTar(
  path: string,
  maxBytes: number,
): AsyncGenerator<{ readonly name: string; readonly bytes: Uint8Array | undefined }, void, void> {
  const archive = extract();
  const source = createReadStream(path);
  source.on('error', (error) => archive.destroy(error));
  source.pipe(archive);
  try {
    for await (const entry of archive) {
      const { name, type, size } = entry.header;
      if (type !== 'file') entry.resume();
      else if (size > maxBytes) {
        entry.resume();
        yield { name, bytes: undefined };
      } else yield { name, bytes: await bytesOf(entry as unknown as Readable) };
    }
  } catch (cause) {
    throw new DatasetError(path, `${path}: this is not a whole tar archive (${(cause as Error).message}).`, {
      cause,
    });
  } finally {
    source.destroy();
  }
}

async function bytesOf(stream: Readable): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream as AsyncIterable<Uint8Array>) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

/** The images of a tar archive, as WebDataset packs them: their names are those of the archive, `#`, and theirs within it. */
export async function* imagesOfTar(path: string, maxBytes: number): AsyncGenerator<DatasetImage, void, void> {
  for await (const { name, bytes } of readTar(path, maxBytes)) {
    if (!isImageName(name)) continue;
    const image = `${path}#${name}`;
    yield {
      name: image,
      read: () =>
        bytes
          ? Promise.resolve(bytes)
          : Promise.reject(new ImageUnreadableError(image, `${image}: the file has more than ${maxBytes} bytes.`)),
    };
  }
}
