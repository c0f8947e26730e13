import { readFileSync } from 'node:fs';
import sharp from 'sharp';

/** Images of every form that is read in turn: bytes of JPEG and PNG, a path, and pixels; small, since decoding is not what is looked at. */
export async function smallImages() {
  const path = new URL('../../docs/images/cat.jpg', import.meta.url);
  const cat = sharp(readFileSync(path));
  const [jpeg, png, raw] = await Promise.all([
    cat.clone().resize(64).jpeg().toBuffer(),
    cat.clone().resize(48, 80, { fit: 'fill' }).png().toBuffer(),
    cat.clone().resize(40, 40, { fit: 'fill' }).raw().toBuffer({ resolveWithObject: true }),
  ]);
  const { width, height, channels } = raw.info;
  const pixels = { data: new Uint8Array(raw.data), width, height, channels };
  return [new Uint8Array(jpeg), new Uint8Array(png), pixels];
}

/** Numbers from 0 to 1 that are the same in each run (mulberry32). */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Tells on standard error how far a part is, now and then. */
export function progress(name, total) {
  let told = performance.now();
  return (done) => {
    if (performance.now() - told < 30_000) return;
    told = performance.now();
    console.error(`${name}: ${done} of ${total}`);
  };
}
