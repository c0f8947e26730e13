import { elementCount, type Tensor } from './tensor.js';

/**
 * A tensor whose row `i` (along its first dimension) is row `parents[i]` of the given one.
 *
 * @param tensor `[rows, …]`
 * @param parents indices from 0 to `rows − 1`, in any number
 * @returns `[parents.length, …]`
 */
export function gatherRows<T extends Tensor>(tensor: T, parents: readonly number[]): T {
  const rest = tensor.dims.slice(1);
  const width = elementCount(rest);
  const Data = tensor.data.constructor as new (length: number) => T['data'];
  const data = new Data(parents.length * width);
  parents.forEach((parent, row) => {
    data.set(tensor.data.subarray(parent * width, (parent + 1) * width) as never, row * width);
  });
  return { ...tensor, dims: [parents.length, ...rest], data };
}
