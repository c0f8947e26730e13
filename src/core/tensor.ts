/** The element types that captioneer's graphs take and give. */
export interface TensorDataByType {
  float32: Float32Array;
  /** Half precision (IEEE 754 binary16), each number as its 16 bits. */
  float16: Uint16Array;
  int64: BigInt64Array;
  int32: Int32Array;
  bool: Uint8Array;
}

/** Name of an element type. */
export type TensorType = keyof TensorDataByType;

/**
 * A dense, row-major tensor as plain data, of no runtime in particular.
 *
 * The number of elements in `data` is the product of `dims`; a dimension may be 0.
 */
export interface Tensor<T extends TensorType = TensorType> {
  readonly type: T;
  readonly dims: readonly number[];
  readonly data: TensorDataByType[T];
}

/** Tensors by name, as a graph takes them and gives them. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** The number of elements of a tensor with these dimensions. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** A tensor of zeros. */
export function zeros(type: TensorType, dims: readonly number[]): Tensor {
  const count = elementCount(dims);
  const makers: { [T in TensorType]: () => TensorDataByType[T] } = {
    float32: () => new Float32Array(count),
    float16: () => new Uint16Array(count),
    int64: () => new BigInt64Array(count),
    int32: () => new Int32Array(count),
    bool: () => new Uint8Array(count),
  };
  return { type, dims, data: makers[type]() };
}

/** Wraps float data as a tensor without copying. */
export function float32Tensor(data: Float32Array, dims: readonly number[]): Tensor<'float32'> {
  return { type: 'float32', dims, data };
}

/** Wraps 64-bit integers as a tensor without copying. */
export function int64Tensor(data: BigInt64Array, dims: readonly number[]): Tensor<'int64'> {
  return { type: 'int64', dims, data };
}
