import { message, type Field } from './message.js';

/** Numbers of element types in `TensorProto.DataType`. */
export const TYPES = { float32: 1, int64: 7, bool: 9 } as const;

/** A node of a graph; numbers of fields are those in onnx.proto. */
export const node = (operator: string, inputs: string[], outputs: string[], ...attributes: Uint8Array[]): Field => [
  1,
  message(
    ...inputs.map((name): Field => [1, name]),
    ...outputs.map((name): Field => [2, name]),
    [4, operator],
    ...attributes.map((attribute): Field => [5, attribute]),
  ),
];

/** Attributes of nodes. */
export const integer = (name: string, value: number): Uint8Array => message([1, name], [3, value], [20, 2]);
export const integers = (name: string, ...values: number[]): Uint8Array =>
  message([1, name], ...values.map((value): Field => [8, value]), [20, 7]);

/** An input (11) or output (12) of a graph; a size that is a text is open, and has that name. */
export const value = (number: 11 | 12, name: string, type: number, ...dims: (number | string)[]): Field => {
  const shape = message(...dims.map((size): Field => [1, message([typeof size === 'number' ? 1 : 2, size])]));
  return [number, message([1, name], [2, message([1, message([1, type], [2, shape])])])];
};

/** A constant of a graph, of numbers of this type. */
export const constant = (name: string, dims: number[], numbers: Float32Array | BigInt64Array | Uint8Array): Field => {
  const type =
    numbers instanceof Float32Array ? TYPES.float32 : numbers instanceof Uint8Array ? TYPES.bool : TYPES.int64;
  const sizes = dims.map((size): Field => [1, size]);
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return [5, message(...sizes, [2, type], [8, name], [9, bytes])];
};

/** Integers as a constant of a graph: a list or, without `[…]` around them, one. */
export const int64 = (name: string, values: number | number[]): Field =>
  constant(name, Array.isArray(values) ? [values.length] : [], BigInt64Array.from([values].flat(), BigInt));

/** A model of one graph. */
export const model = (...graph: Field[]): Uint8Array =>
  message([1, 8], [2, 'a test'], [8, message([1, ''], [2, 17])], [7, message(...graph, [2, 'whole'])]);
