import { expect, it } from 'vitest';
import { BinaryHeap } from '../../src/collections/binary-heap.js';
import { createRandom } from '../../src/numerics/random.js';

const ascending = (a: number, b: number): number => a - b;

it('gives what was pushed in order', () => {
  const random = createRandom(7, 0);
  for (let size = 0; size < 40; size++) {
    const items = Array.from({ length: size }, () => Math.floor(random() * 20));
    const heap = new BinaryHeap(ascending);
    items.forEach((item) => heap.push(item));
    expect(heap.size).toBe(size);
    expect(heap.toArray().sort(ascending)).toEqual([...items].sort(ascending));
    expect(Array.from({ length: size }, () => heap.pop())).toEqual([...items].sort(ascending));
    expect(heap.pop()).toBeUndefined();
  }
});

it('replaces its root by what comes later', () => {
  const heap = new BinaryHeap(ascending);
  [5, 3, 8, 1].forEach((item) => heap.push(item));
  heap.replaceRoot(6);
  expect([heap.pop(), heap.pop(), heap.pop(), heap.pop()]).toEqual([3, 5, 6, 8]);
});
