/** A file, damaged in a way that is the same each time. */
export interface Mutation {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The file cut at places all over it, more of them near its beginning. */
export function* truncations(name: string, file: Uint8Array, count: number): Generator<Mutation> {
  for (let cut = 0; cut < count; cut += 1) {
    const length = Math.floor(file.length * (cut / count) ** 2);
    yield { name: `${name} cut to ${length}`, bytes: file.subarray(0, length) };
  }
}

/** Copies of the file in which a few bytes have other values; a third of them among the first 64, where headers are. */
export function* flips(name: string, file: Uint8Array, count: number, seed: number): Generator<Mutation> {
  const random = randomNumbers(seed);
  for (let copy = 0; copy < count; copy += 1) {
    const bytes = Uint8Array.from(file);
    const changes = 1 + Math.floor(random() * 4);
    const end = random() < 1 / 3 ? Math.min(64, bytes.length) : bytes.length;
    for (let change = 0; change < changes; change += 1) {
      bytes[Math.floor(random() * end)] = Math.floor(random() * 256);
    }
    yield { name: `${name} with flips ${seed}/${copy}`, bytes };
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
