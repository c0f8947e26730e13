/** Mixes an integer into a hash; both and the result are 32-bit. */
export function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}

/** A hash as a number of at least 0 and below 1. */
export function toUnit(hash: number): number {
  return hash / 2 ** 32;
}
