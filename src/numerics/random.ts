/** Numbers of at least 0 and below 1, evenly spread. */
export type Random = () => number;

/**
 * A seeded stream of random numbers: Chris Doty-Humphrey's sfc32 (PractRand), 53 bits a number. The same seed and stream
 * give the same numbers on every machine.
 *
 * @param seed an integer of 0 … 2^53 − 1
 * @param stream streams of one seed are independent of each other
 */
export function createRandom(seed: number, stream: number): Random {
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32);
  let c = stream >>> 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 16; i++) next(); // until the seed has reached every bit
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
}
