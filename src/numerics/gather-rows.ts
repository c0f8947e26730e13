import { elementCount, type Tensor } from '../core/tensor.js';

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

/**
 * Several tensors in one, along their first dimension.
 *
 * @param tensors at least one; all of one type, `[rows, …]`, and of one size but for the rows
 * @returns `[rows in all, …]`
 */
export function concatRows<T extends Tensor>(tensors: readonly T[]): T {
  const first = tensors[0] as T;
  const rows = tensors.reduce((sum, { dims: [count = 0] }) => sum + count, 0);
  const dims = [rows, ...first.dims.slice(1)];
  const Data = first.data.constructor as new (length: number) => T['data'];
  const data = new Data(elementCount(dims));
  let filled = 0;
  for (const tensor of tensors) {
    data.set(tensor.data as never, filled);
    filled += tensor.data.length;
  }
  return { ...first, dims, data };
}
