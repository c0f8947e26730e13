/**
 * Keeps the best `capacity` of the items that it is offered: a heap with the worst at its root.
 *
 * @typeParam T what is kept; of equals by `compare` any may stay
 */
export class TopList<T> {
  readonly #capacity: number;
  readonly #compare: (a: T, b: T) => number;
  readonly #heap: T[] = [];

  /** @param compare negative where `a` is the better item */
  constructor(capacity: number, compare: (a: T, b: T) => number) {
    this.#capacity = capacity;
    this.#compare = compare;
  }

  /** The worst of those kept, once there are `capacity` of them: what a newcomer must beat. */
  get worst(): T | undefined {
    return this.#heap.length === this.#capacity ? this.#heap[0] : undefined;
  }

  /** Takes an item where there is room, or where it beats the worst, which then goes. */
  offer(item: T): void {
    if (this.#heap.length < this.#capacity) this.#pushUp(item);
    else if (this.#compare(item, this.#heap[0] as T) < 0) this.#replaceRoot(item);
  }

  /** Those kept, best first. */
  sorted(): T[] {
    return this.#heap.slice().sort(this.#compare);
  }

  #pushUp(item: T): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#compare(item, heap[parent] as T) < 0) break;
      heap[at] = heap[parent] as T;
      at = parent;
    }
    heap[at] = item;
  }

  #replaceRoot(item: T): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#compare(heap[child + 1] as T, heap[child] as T) > 0) child++;
      if (this.#compare(heap[child] as T, item) < 0) break;
      heap[at] = heap[child] as T;
      at = child;
    }
    heap[at] = item;
  }
}
