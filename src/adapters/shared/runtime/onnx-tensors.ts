import type { InferenceSession, OnnxValue } from 'onnxruntime-common';
import {
  elementCount,
  RuntimeError,
  type NamedTensors,
  type Tensor,
  type TensorInfo,
  type TensorType,
} from '../../../core/index.js';
import type { OnnxRuntime } from './onnx-runtime.js';

type OnnxTensorClass = OnnxRuntime['Tensor'];

/** The element types that both sides know, under the same names and with the same arrays. */
const TYPES: readonly string[] = ['float32', 'float16', 'int64', 'int32', 'bool'] satisfies readonly TensorType[];

/** Wraps each tensor for the runtime, sharing its data. */
export function toOnnxTensors(tensors: NamedTensors, OnnxTensor: OnnxTensorClass): Record<string, OnnxValue> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toOnnx(tensor, OnnxTensor)]));
}

function toOnnx({ type, data, dims }: Tensor, OnnxTensor: OnnxTensorClass): OnnxValue {
  // Not every runtime looks: it would read beyond the data.
  if (data.length !== elementCount(dims)) {
    throw new RuntimeError(`A tensor of [${dims.join(', ')}] has ${data.length} elements.`);
  }
  // One overload stands for all: type and data belong together in both typings.
  return new OnnxTensor(type as 'float32', data as Float32Array, dims);
}

/**
 * Wraps each tensor of the runtime's, sharing its data.
 *
 * @throws RuntimeError for a type that the library does not take
 */
export function fromOnnxTensors(values: InferenceSession.OnnxValueMapType, graph: string): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fromOnnx(value, name, graph)]));
}

function fromOnnx({ type, data, dims }: OnnxValue, name: string, graph: string): Tensor {
  if (!TYPES.includes(type)) {
    throw new RuntimeError(
      `${graph}: output "${name}" is of type ${type}; captioneer takes ${TYPES.join(', ')}. Export the model with such outputs.`,
    );
  }
  if (type === 'float16') return { type, dims, data: asBits(data as Uint16Array) };
  return { type, dims, data } as Tensor;
}

/** Where JavaScript has a Float16Array, the runtime gives one. */
function asBits({ buffer, byteOffset, length }: Uint16Array): Uint16Array {
  return new Uint16Array(buffer, byteOffset, length);
}

/** Larger sizes are none: in WebAssembly a size that has no name is -1, read as a number without a sign. */
const LARGEST_SIZE = 2 ** 31 - 1;

/** What a graph says of its inputs or outputs. A size that it leaves open is a text, empty if it has no name. */
export function tensorInfos(metadata: readonly InferenceSession.ValueMetadata[]): TensorInfo[] {
  return metadata.map((value) =>
    value.isTensor
      ? { name: value.name, type: value.type, dims: value.shape.map(openIfUnknown) }
      : { name: value.name, type: 'other', dims: [] },
  );
}

function openIfUnknown(size: number | string): number | string {
  return typeof size === 'number' && (size < 0 || size > LARGEST_SIZE) ? '' : size;
}
