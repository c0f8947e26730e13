import { BinaryHeap } from '../../collections/binary-heap.js';

/**
 * Keeps the best `capacity` of the items that it is offered: a heap with the worst at its root.
 *
 * @typeParam T what is kept; of equals by `compare` any may stay
 */
export class TopList<T> {
  readonly #capacity: number;
  readonly #compare: (a: T, b: T) => number;
  readonly #heap: BinaryHeap<T>;

  /** @param compare negative if `a` is the better item */
  constructor(capacity: number, compare: (a: T, b: T) => number) {
    this.#capacity = capacity;
    this.#compare = compare;
    this.#heap = new BinaryHeap((a, b) => compare(b, a));
  }

  /** The worst of those kept, once there are `capacity` of them: what a newcomer must beat. */
  get worst(): T | undefined {
    return this.#heap.size === this.#capacity ? this.#heap.root : undefined;
  }

  /** Takes an item if there is room, or if it beats the worst, which then goes. */
  offer(item: T): void {
    if (this.#heap.size < this.#capacity) this.#heap.push(item);
    else if (this.#compare(item, this.#heap.root as T) < 0) this.#heap.replaceRoot(item);
  }

  /** Those kept, best first. */
  sorted(): T[] {
    return this.#heap.toArray().sort(this.#compare);
  }
}
