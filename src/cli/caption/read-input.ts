import { imageSource } from '../../adapters/node/images/image-source.js';
import { readImageBytes } from '../../adapters/node/images/read-image-bytes.js';
import type { CaptionOptions, ImageSource } from '../../index.js';
import { existingDescription, readSidecar, type ExistingDescription } from '../../metadata/index.js';
import type { InputImage } from './expand-inputs.js';

/** An image whose bytes have been read, and what its file says of it. */
interface ReadInput {
  /** Its bytes, by the name that messages have. */
  readonly source: ImageSource;
  readonly existing: ExistingDescription | undefined;
}

/**
 * Reads an image once, for its description and for the model.
 *
 * @throws as `Captioner.caption`
 */
export async function readInput({ label, source }: InputImage, options: CaptionOptions): Promise<ReadInput> {
  const form = imageSource(source);
  if (form.kind === 'pixels' || form.kind === 'sharp') throw new TypeError('The command reads files.');
  const { timeoutMs, signal } = options;
  const reading = { ...(timeoutMs && { timeoutMs }), ...(signal && { signal }) };
  const isFile = form.kind === 'file';
  const bytes = await readImageBytes(form, reading).catch((error: unknown) => {
    signal?.throwIfAborted();
    if (isFile) return undefined;
    throw error;
  });
  // What is wrong with a file is the captioner's to say.
  if (bytes === undefined) return { source, existing: undefined };
  const sidecar = isFile ? await readSidecar(String(form.path)) : undefined;
  return {
    source: new File([bytes as Uint8Array<ArrayBuffer>], isFile ? form.name : label),
    existing: await existingDescription(bytes, sidecar),
  };
}
