import {
  explained,
  readingOf,
  readPicture as readEncoded,
  type ReadPictureOptions,
} from '../../shared/images/read-picture.js';
import { explainFileError, readFile } from '../files/read-file.js';
import type { FileSource } from './source-kind.js';
import type { EncodedSource } from '../../shared/images/source-kind.js';

/**
 * The bytes of a picture file, on the disk or elsewhere.
 *
 * @throws ImageUnreadableError, FetchError, or the abort reason
 */
export async function readPicture(
  source: EncodedSource | FileSource,
  options: ReadPictureOptions,
): Promise<Uint8Array> {
  if (source.kind !== 'file') return readEncoded(source, options);
  const { path, name } = source;
  return explained(readFile(path, readingOf(name, options)), name, options.signal, explainFileError);
}
