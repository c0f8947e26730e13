import { gatherRows } from './gather-rows.js';
import { elementCount, type Tensor } from '../core/tensor.js';

/** Which row becomes a copy of which. */
interface Move {
  readonly from: number;
  readonly to: number;
}

/** Stands for the place beside the tensor that keeps a row while others move in a circle. */
const ASIDE = -1;

/**
 * A change of the rows of tensors, made ready for as many tensors as have such rows: row `i` (along the first dimension)
 * becomes row `parents[i]`. Where there are not more rows than before, it happens in the tensor's own memory, and rows that
 * stay what they are are not touched.
 *
 * @param parents indices from 0 to `rows − 1`, in any number
 * @returns a function that takes a tensor `[rows, …]` over and gives one `[parents.length, …]`
 */
export function rowMover(parents: readonly number[]): <T extends Tensor>(tensor: T) => T {
  const moves = planMoves(parents);
  return (tensor) => {
    const [rows = 0, ...rest] = tensor.dims;
    if (parents.length > rows) return gatherRows(tensor, parents);
    const width = elementCount(rest);
    const data = tensor.data as Float32Array; // one array type stands for all
    let aside = data.subarray(0, 0);
    for (const { from, to } of moves) {
      if (to === ASIDE) aside = data.slice(from * width, (from + 1) * width);
      else if (from === ASIDE) data.set(aside, to * width);
      else data.copyWithin(to * width, from * width, (from + 1) * width);
    }
    return { ...tensor, dims: [parents.length, ...rest], data: data.subarray(0, parents.length * width) };
  };
}

/** An order in which no row is overwritten that another still needs. */
function planMoves(parents: readonly number[]): Move[] {
  const moves: Move[] = [];
  const sources = new Map([...parents.entries()].filter(([to, from]) => from !== to));
  while (sources.size > 0) {
    const needed = new Set(sources.values());
    const free = [...sources.keys()].find((to) => !needed.has(to));
    if (free !== undefined) {
      moves.push({ from: sources.get(free) as number, to: free });
      sources.delete(free);
      continue;
    }
    // Each is needed by exactly one: circles. Keeping one row aside opens its circle.
    const row = Math.min(...sources.keys());
    moves.push({ from: row, to: ASIDE });
    for (const [to, from] of sources) if (from === row) sources.set(to, ASIDE);
  }
  return moves;
}
