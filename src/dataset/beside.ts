import { access } from 'node:fs/promises';
import { writeFileWhole } from '../adapters/node/files/write-file-whole.js';
import { toAltText } from '../captioner/index.js';
import { existingDescription, readSidecar, writeSidecar } from '../metadata/index.js';
import type { DatasetRecord } from './record.js';

/** What is written beside an image. */
interface BesideOptions {
  readonly sidecar?: boolean;
  readonly xmp?: boolean;
}

/** Whether an image is in an archive, so that nothing can be beside it. */
const isInArchive = (image: string): boolean => /\.(tar|parquet)#/.test(image);

/** The text file beside an image. */
function textFileOf(image: string): string {
  return image.replace(/\.[^./\\]+$/, '') + '.txt';
}

/** Whether an image has a text file beside it. */
export function hasTextFile(image: string): Promise<boolean> {
  return access(textFileOf(image)).then(
    () => true,
    () => false,
  );
}

/** Whether an image has a description in its file, or in an XMP file beside it. */
export async function isDescribed(image: string, bytes: Uint8Array): Promise<boolean> {
  const sidecar = isInArchive(image) ? undefined : await readSidecar(image);
  return (await existingDescription(bytes, sidecar)) !== undefined;
}

/**
 * Writes a caption beside its image.
 *
 * @throws what the disk says; Error if there is an XMP file that is not one
 */
export async function writeBeside({ image, text, assessment }: DatasetRecord, options: BesideOptions): Promise<void> {
  if (isInArchive(image)) return;
  if (options.sidecar) await writeFileWhole(textFileOf(image), `${text}\n`);
  if (options.xmp && assessment !== 'nothing-to-describe') {
    await writeSidecar(image, { description: text, altText: toAltText({ text }).text });
  }
}
