import { ImageUnreadableError } from '../../../core/index.js';

const MARKER = { endOfImage: 0xd9, startOfScan: 0xda, progressive: 0xc2, progressiveArithmetic: 0xca } as const;

/** Encoders write about ten; as many as are possible would take minutes to go through. */
const MAX_SCANS = 200;

/**
 * Refuses a progressive JPEG that has been made to take long: each of its scans goes over all pixels, and a decoder cannot be stopped
 * among them.
 *
 * @throws ImageUnreadableError
 */
export function checkScans(bytes: Uint8Array, name: string): void {
  let isProgressive = false;
  let scans = 0;
  for (const marker of markersOf(bytes)) {
    if (marker === MARKER.progressive || marker === MARKER.progressiveArithmetic) isProgressive = true;
    if (marker !== MARKER.startOfScan) continue;
    if (!isProgressive) return; // It goes over the pixels once for each colour, no more.
    scans += 1;
    if (scans > MAX_SCANS) {
      const message = `the image is a progressive JPEG of more than ${MAX_SCANS} scans. Save it again as JPEG or PNG.`;
      throw new ImageUnreadableError(name, `${name}: ${message}`);
    }
  }
}

/** The second byte of each marker up to the end of the image (ITU T.81, annex B). */
function* markersOf(bytes: Uint8Array): Generator<number> {
  let at = 2;
  while (at + 4 <= bytes.length) {
    const found = bytes.indexOf(0xff, at);
    if (found < 0) return;
    const marker = bytes[found + 1];
    if (marker === undefined || marker === MARKER.endOfImage) return;
    at = found + 1;
    const isData = marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7); // stuffed, filled, restart
    if (isData) continue;
    yield marker;
    at = found + 2 + (bytes[found + 2] ?? 0) * 256 + (bytes[found + 3] ?? 0);
  }
}

/** A JPEG with an end marker after it. */
export function withEndMarker(bytes: Uint8Array): Uint8Array {
  const ended = new Uint8Array(bytes.length + 2);
  ended.set(bytes);
  ended.set([0xff, MARKER.endOfImage], bytes.length);
  return ended;
}
