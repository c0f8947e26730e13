/** A merge of two neighbouring tokens into one. The place in the list is the rank: lower goes first. */
export interface Merge {
  readonly left: number;
  readonly right: number;
  /** The id of the two together. */
  readonly merged: number;
}

/** A pair that could be merged, when it was put on the queue. */
interface Candidate {
  readonly rank: number;
  /** Where its left part begins. */
  readonly at: number;
  readonly right: number;
}

const REMOVED = -1;

/**
 * Byte-pair encoding (Sennrich 2016, https://arxiv.org/abs/1508.07909): again and again the neighbours of lowest rank, the
 * leftmost first, become one, until no neighbours have a rank.
 *
 * The parts form a doubly linked list and the candidates a heap, so a word of n parts takes O(n log n).
 */
export class BytePairMerger {
  readonly #merges: readonly Merge[];
  readonly #ranks: ReadonlyMap<number, number>;
  readonly #stride: number;

  /** @param vocabularySize more than every id in `merges` */
  constructor(merges: readonly Merge[], vocabularySize: number) {
    this.#merges = merges;
    this.#stride = vocabularySize;
    this.#ranks = new Map(merges.map(({ left, right }, rank) => [left * vocabularySize + right, rank]));
  }

  /** The ids of a word that begins as these, one for each byte. */
  merge(word: readonly number[]): number[] {
    const ids = [...word];
    const next = ids.map((_, at) => at + 1);
    const previous = ids.map((_, at) => at - 1);
    const queue = new CandidateQueue();
    const offer = (at: number, right: number): void => {
      if (at < 0 || right >= ids.length) return;
      const rank = this.#ranks.get((ids[at] as number) * this.#stride + (ids[right] as number));
      if (rank !== undefined) queue.push({ rank, at, right });
    };
    ids.forEach((_, at) => offer(at, at + 1));
    for (let best = queue.pop(); best; best = queue.pop()) {
      const { rank, at, right } = best;
      const { left, right: rightId, merged } = this.#merges[rank] as Merge;
      // Since it was offered, either part may have become something else.
      if (ids[at] !== left || next[at] !== right || ids[right] !== rightId) continue;
      ids[at] = merged;
      ids[right] = REMOVED;
      const after = next[right] as number;
      next[at] = after;
      if (after < ids.length) previous[after] = at;
      offer(previous[at] as number, at);
      offer(at, after);
    }
    return ids.filter((id) => id !== REMOVED);
  }
}

/** A binary heap whose root has the lowest rank, and of equal ranks the leftmost. */
class CandidateQueue {
  readonly #heap: Candidate[] = [];

  push(candidate: Candidate): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(candidate, heap[parent] as Candidate)) break;
      heap[at] = heap[parent] as Candidate;
      at = parent;
    }
    heap[at] = candidate;
  }

  pop(): Candidate | undefined {
    const heap = this.#heap;
    const root = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return root;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Candidate, heap[child] as Candidate)) child++;
      if (isBefore(last, heap[child] as Candidate)) break;
      heap[at] = heap[child] as Candidate;
      at = child;
    }
    heap[at] = last;
    return root;
  }
}

function isBefore(a: Candidate, b: Candidate): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.at < b.at);
}
