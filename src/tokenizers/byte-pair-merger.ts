import { BinaryHeap } from '../collections/binary-heap.js';

/** Numbers that describe one merge in `Merges`. */
export const MERGE_SIZE = 3;

/**
 * Which neighbouring tokens become one, lowest rank first: of each its left part, its right part, and the id of the two together.
 * `[count × 3]`; plain numbers, since the garbage collector would look at fifty thousand objects again and again.
 */
export type Merges = Int32Array;

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
  readonly #merges: Merges;
  readonly #stride: number;
  #ranks: ReadonlyMap<number, number> | undefined;

  /** @param vocabularySize more than every id in `merges` */
  constructor(merges: Merges, vocabularySize: number) {
    this.#merges = merges;
    this.#stride = vocabularySize;
  }

  /** The ids of a word that begins as these, one for each byte. */
  merge(word: readonly number[]): number[] {
    const ids = [...word];
    const next = ids.map((_, at) => at + 1);
    const previous = ids.map((_, at) => at - 1);
    const queue = new BinaryHeap(byRank);
    const merges = this.#merges;
    const ranks = (this.#ranks ??= this.#rankPairs());
    const offer = (at: number, right: number): void => {
      if (at < 0 || right >= ids.length) return;
      const rank = ranks.get((ids[at] as number) * this.#stride + (ids[right] as number));
      if (rank !== undefined) queue.push({ rank, at, right });
    };
    ids.forEach((_, at) => offer(at, at + 1));
    for (let best = queue.pop(); best; best = queue.pop()) {
      const { rank, at, right } = best;
      const merge = rank * MERGE_SIZE; // where its numbers begin
      // Since it was offered, either part may have become something else.
      if (ids[at] !== merges[merge] || next[at] !== right || ids[right] !== merges[merge + 1]) continue;
      ids[at] = merges[merge + 2] as number;
      ids[right] = REMOVED;
      const after = next[right] as number;
      next[at] = after;
      if (after < ids.length) previous[after] = at;
      offer(previous[at] as number, at);
      offer(at, after);
    }
    return ids.filter((id) => id !== REMOVED);
  }

  /** Ranks by pair; made when the first text is encoded, as most captioners only decode. */
  #rankPairs(): Map<number, number> {
    const ranks = new Map<number, number>();
    for (let at = 0; at < this.#merges.length; at += MERGE_SIZE) {
      const [left, right] = [this.#merges[at] as number, this.#merges[at + 1] as number];
      ranks.set(left * this.#stride + right, at / MERGE_SIZE);
    }
    return ranks;
  }
}

/** Lowest rank first, and of equal ranks the leftmost. */
function byRank(a: Candidate, b: Candidate): number {
  return a.rank - b.rank || a.at - b.at;
}
