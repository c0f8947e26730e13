/** Sizes that a graph leaves open, each times a number, and a constant: `past + 1`. */
interface OpenSize {
  readonly constant: number;
  /** The factor of each open size by its name, none of them 0. */
  readonly factors: ReadonlyMap<string, number>;
}

/** The size of an axis, or another number that a graph computes of sizes. */
export type Size = number | OpenSize;

/** The open size of the first axis of what changes from step to step: one row or more. */
export const ROWS = 'rows';
/** That of what stays the same: one row, or as many as the others. */
export const IMAGES = 'images';

/** A size that is left open, by its name. */
export function openSize(name: string): Size {
  return { constant: 0, factors: new Map([[name, 1]]) };
}

export function addSizes(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  const [first, second] = [asOpen(a), asOpen(b)];
  const factors = new Map(first.factors);
  for (const [name, factor] of second.factors) factors.set(name, (factors.get(name) ?? 0) + factor);
  return simplest({ constant: first.constant + second.constant, factors });
}

export function subtractSizes(a: Size, b: Size): Size {
  return addSizes(a, multiplySizes(b, -1) as Size);
}

/** Undefined for a product of open sizes. */
export function multiplySizes(a: Size, b: Size): Size | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (typeof a !== 'number' && typeof b !== 'number') return undefined;
  const [factor, open] = typeof a === 'number' ? [a, asOpen(b)] : [b as number, asOpen(a)];
  const factors = new Map([...open.factors].map(([name, own]) => [name, own * factor]));
  return simplest({ constant: open.constant * factor, factors });
}

export function isSameSize(a: Size | undefined, b: Size | undefined): boolean {
  return a !== undefined && b !== undefined && subtractSizes(a, b) === 0;
}

/** The least that a size can be. Rows and images are at least one, other open sizes may be 0. */
export function leastOf(size: Size): number {
  if (typeof size === 'number') return size;
  let least = size.constant;
  for (const [name, factor] of size.factors) {
    if (factor < 0) return -Infinity;
    if (name === ROWS || name === IMAGES) least += factor;
  }
  return least;
}

/** The size of an axis of a result of arithmetic on two tensors: one that is 1 fits every other. Undefined if it is not known. */
export function broadcastSize(a: Size | undefined, b: Size | undefined): Size | undefined {
  if (a === 1) return b;
  if (b === 1 || isSameSize(a, b)) return a;
  for (const [one, other] of [
    [a, b],
    [b, a],
  ]) {
    if (typeof one === 'number') return one; // the other is the same, or 1
    if (isSameSize(one, openSize(ROWS)) && isSameSize(other, openSize(IMAGES))) return one;
  }
  return undefined;
}

/** A text that equal sizes have in common. */
export function sizeKey(size: Size): string {
  if (typeof size === 'number') return String(size);
  const factors = [...size.factors].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([size.constant, factors]);
}

function asOpen(size: Size): OpenSize {
  return typeof size === 'number' ? { constant: size, factors: new Map() } : size;
}

function simplest({ constant, factors }: OpenSize): Size {
  const left = new Map([...factors].filter(([, factor]) => factor !== 0));
  return left.size === 0 ? constant : { constant, factors: left };
}
