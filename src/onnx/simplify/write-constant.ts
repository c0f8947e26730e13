import type { NewTensor } from '../read-graph.js';
import { bytesField, concat, numberField } from '../wire-writer.js';
import { TYPE } from './known-value.js';
import type { Constant } from './read-details.js';

const TENSOR = { dims: 1, type: 2, raw: 9 } as const;

/** How numbers of a type are written: bytes of each, and one of them at a place. */
const ELEMENTS: Readonly<Record<number, readonly [number, (view: DataView, at: number, value: number) => void]>> = {
  [TYPE.float32]: [4, (view, at, value) => view.setFloat32(at, value, true)],
  [TYPE.int32]: [4, (view, at, value) => view.setInt32(at, value, true)],
  [TYPE.int64]: [8, (view, at, value) => view.setBigInt64(at, BigInt(value), true)],
  [TYPE.bool]: [1, (view, at, value) => view.setUint8(at, value)],
};

/** A constant that the graph did not have. */
export function writeConstant({ type, dims, numbers }: Constant & { readonly numbers: readonly number[] }): NewTensor {
  const [width, write] = ELEMENTS[type]!;
  const raw = new Uint8Array(numbers.length * width);
  const view = new DataView(raw.buffer);
  for (const [i, value] of numbers.entries()) write(view, i * width, value);
  const fields = dims.map((size) => numberField(TENSOR.dims, size));
  return { message: concat([...fields, numberField(TENSOR.type, type), bytesField(TENSOR.raw, raw)]) };
}
