import { existingDescription, readSidecar } from '../../metadata/index.js';
import type { AltProposal } from './queue.js';

/** Longer texts are no alternative texts: stories, and licences. */
const MAX_CHARACTERS = 400;

/**
 * The texts that an image file has of its own, as proposals: its alternative text, else its description. They stay as they are, since a
 * person wrote them.
 *
 * @param path of the file, beside which an XMP file may be
 */
export async function existingProposals(image: Uint8Array, path: string | undefined): Promise<AltProposal[]> {
  const found = await existingDescription(image, path === undefined ? undefined : await readSidecar(path));
  const text = (found?.altText ?? found?.description)?.replace(/\s+/g, ' ').trim();
  if (found === undefined || text === undefined || text.length > MAX_CHARACTERS) return [];
  return [
    { text, existing: found.altText === undefined ? found.descriptionField! : 'Iptc4xmpCore:AltTextAccessibility' },
  ];
}
