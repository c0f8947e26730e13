import { open, readFile } from 'node:fs/promises';
import { writeFileWhole } from '../adapters/node/files/write-file-whole.js';
import { readXmp, withXmp, type XmpTexts } from './xmp.js';

/** No larger XMP file is read, in bytes: darktable's, with long histories, have some hundred thousand. */
const MAX_BYTES = 2 ** 24;

/** The XMP file beside an image: `photo.jpg.xmp`, as darktable and digiKam name it, and exiftool reads it. */
function sidecarOf(image: string): string {
  return `${image}.xmp`;
}

/** The content of the XMP file beside an image, `photo.jpg.xmp` or, as Adobe's programs name it, `photo.xmp`; undefined if there is none. */
export async function readSidecar(image: string): Promise<string | undefined> {
  for (const path of [sidecarOf(image), image.replace(/\.[^./\\]+$/, '.xmp')]) {
    const content = path === image ? undefined : await readSmall(path);
    if (content !== undefined) return content;
  }
  return undefined;
}

/**
 * Writes texts into the XMP file beside an image, which is made if there is none; the image is not touched. What else the file has is
 * kept, and so are texts that it has.
 *
 * @throws Error if the file that is there is not XMP, or what the disk says
 */
export async function writeSidecar(image: string, texts: XmpTexts): Promise<void> {
  const path = sidecarOf(image);
  const before = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  const kept = before === undefined ? {} : readXmp(before);
  const after = withXmp(before, { ...texts, ...kept });
  if (after === undefined) throw new Error(`${path} is not an XMP file. It was left as it is.`);
  if (after !== before) await writeFileWhole(path, after);
}

async function readSmall(path: string): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const found = await file.stat();
    return found.isFile() && found.size <= MAX_BYTES ? await file.readFile('utf8') : undefined;
  } finally {
    await file.close();
  }
}
