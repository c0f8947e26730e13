import {
  countOf,
  MOST_ELEMENTS,
  numbersOf,
  soleElement,
  TYPE,
  uniformOf,
  type KnownValue,
  type Sizes,
} from './known-value.js';
import { axisOf, intOf, intsOf, type Rule } from './rule.js';
import { addSizes, broadcastSize, isSameSize, multiplySizes, subtractSizes, type Size } from './size.js';
import { SLICE } from './slice-rule.js';

/** The sizes of a result of arithmetic on tensors. */
export function broadcastDims(...all: readonly (Sizes | undefined)[]): Sizes | undefined {
  if (all.length === 0 || all.includes(undefined)) return undefined;
  const known = all as readonly Sizes[];
  const rank = Math.max(...known.map((dims) => dims.length));
  const padded = known.map((dims) => [...Array<Size>(rank - dims.length).fill(1), ...dims]);
  return Array.from({ length: rank }, (_, axis) => padded.map((dims) => dims[axis]).reduce(broadcastSize));
}

/** The other operand's size if these sizes are divided by others, none of which may be open unless it is among them. */
function quotient(dims: Sizes, divisors: Sizes): Size | undefined {
  if (dims.includes(undefined) || divisors.includes(undefined)) return undefined;
  const isOpen = (size: Size | undefined): size is Size => typeof size !== 'number';
  const product = (sizes: Sizes): number =>
    sizes.reduce<number>((all, s) => (typeof s === 'number' ? all * s : all), 1);
  const open = dims.filter(isOpen);
  for (const divisor of divisors.filter(isOpen)) {
    const found = open.findIndex((size) => isSameSize(size, divisor));
    if (found < 0) return undefined;
    open.splice(found, 1);
  }
  const factor = product(dims) / product(divisors);
  if (!Number.isInteger(factor) || open.length > 1) return undefined;
  return multiplySizes(open[0] ?? 1, factor);
}

/** The sizes that a `Reshape` gives. */
function reshapedDims({ dims }: KnownValue, wanted: readonly (Size | undefined)[]): Sizes {
  const copied = wanted.map((size, axis) => (size === 0 ? dims?.[axis] : size));
  const others = copied.filter((size) => size !== -1);
  return copied.map((size) => (size === -1 ? dims && quotient(dims, others) : size));
}

const GATHER: Rule = (call) => {
  const [data, indices] = call.inputs;
  if (!data?.dims) return [{ type: data?.type, uniform: data?.uniform }];
  const axis = axisOf(intOf(call, 'axis', 0), data.dims.length);
  const dims = indices?.dims && [...data.dims.slice(0, axis), ...indices.dims, ...data.dims.slice(axis + 1)];
  const places = numbersOf(indices);
  const elements = data.dims.length === 1 ? data.elements : undefined;
  return [
    {
      type: data.type,
      dims,
      uniform: data.uniform,
      elements: elements && places?.map((place) => elements.at(place)),
    },
  ];
};

const SHAPE: Rule = (call) => {
  const dims = call.inputs[0]?.dims;
  if (!dims) return [{ type: TYPE.int64 }];
  const elements = dims.slice(intOf(call, 'start', 0), intOf(call, 'end', dims.length));
  return [{ type: TYPE.int64, dims: [elements.length], elements }];
};

const UNSQUEEZE: Rule = (call) => {
  const [value] = call.inputs;
  const axes = intsOf(call, 'axes', 1);
  if (!value?.dims || !axes) return [value && { ...value, dims: undefined, triangle: undefined }];
  const rank = value.dims.length + axes.length;
  const added = new Set(axes.map((axis) => axisOf(axis, rank)));
  const left = [...value.dims];
  const dims = Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : left.shift()));
  return [{ ...value, dims, triangle: undefined }];
};

const SQUEEZE: Rule = (call) => {
  const [value] = call.inputs;
  const axes = intsOf(call, 'axes', 1);
  if (!value?.dims || !axes) return [value && { ...value, dims: undefined, triangle: undefined }];
  const removed = new Set(axes.map((axis) => axisOf(axis, value.dims!.length)));
  return [{ ...value, dims: value.dims.filter((_, axis) => !removed.has(axis)), triangle: undefined }];
};

const RESHAPE: Rule = (call) => {
  const [value, shape] = call.inputs;
  const kept = value && { ...value, triangle: undefined };
  const wanted = intOf(call, 'allowzero', 0) === 0 ? shape?.elements : undefined;
  return [{ ...kept, dims: wanted && reshapedDims(value ?? {}, wanted) }];
};

const TRANSPOSE: Rule = ({ inputs: [value], attributes }) => {
  const { type, dims, uniform } = value ?? {};
  const order = attributes.get('perm')?.ints ?? dims?.map((_, axis) => dims.length - 1 - axis);
  return [{ type, uniform, dims: dims && order?.map((axis) => dims[axis]) }];
};

const CONCAT: Rule = (call) => {
  const { inputs } = call;
  const [first] = inputs;
  const uniform = uniformOf(first);
  const isUniform = inputs.every((value) => Object.is(uniformOf(value), uniform));
  const common = { type: first?.type, uniform: isUniform ? uniform : undefined };
  if (!first?.dims || !inputs.every((value) => value?.dims?.length === first.dims!.length)) return [common];
  const axis = axisOf(intOf(call, 'axis', 0), first.dims.length);
  const dims = first.dims.map((_, at) => {
    const sizes = inputs.map((value) => value!.dims![at]);
    if (at !== axis) return sizes.find((size) => typeof size === 'number') ?? sizes[0];
    return sizes.includes(undefined) ? undefined : (sizes as Size[]).reduce(addSizes);
  });
  const isList = dims.length === 1 && inputs.every((value) => value?.elements);
  return [{ ...common, dims, elements: isList ? inputs.flatMap((value) => value?.elements ?? []) : undefined }];
};

const SPLIT: Rule = (call) => {
  const [value] = call.inputs;
  const { type, dims, uniform } = value ?? {};
  const axis = axisOf(intOf(call, 'axis', 0), dims?.length ?? 0);
  const whole = dims?.[axis];
  const equal = typeof whole === 'number' ? whole / call.numOutputs : undefined;
  const sizes =
    intsOf(call, 'split', 1) ?? (call.inputs[1] ? [] : Array<number | undefined>(call.numOutputs).fill(equal));
  return Array.from({ length: call.numOutputs }, (_, i) => ({ type, uniform, dims: dims?.with(axis, sizes[i]) }));
};

const EXPAND: Rule = ({ inputs: [value, shape] }) => {
  const dims = broadcastDims(value?.dims, shape?.elements);
  return [{ type: value?.type, dims, uniform: uniformOf(value), range: value?.range }];
};

/** Elements of a tensor that are all the same, if they are few. */
function filled(dims: Sizes | undefined, element: number | undefined): readonly number[] | undefined {
  const count = countOf(dims);
  if (count === undefined || count > MOST_ELEMENTS || element === undefined) return undefined;
  return Array<number>(count).fill(element);
}

const SCATTER: Rule = ({ inputs: [value, , updates] }) => {
  const uniform = uniformOf(value);
  return [
    { type: value?.type, dims: value?.dims, uniform: Object.is(uniform, uniformOf(updates)) ? uniform : undefined },
  ];
};

/** What a `ConstantOfShape` gives. */
export function constantOfShape(
  shape: KnownValue | undefined,
  type: number,
  element: number | undefined,
): readonly KnownValue[] {
  const dims = shape?.elements;
  return [{ type, dims, uniform: element, elements: filled(dims, element) }];
}

const RANGE: Rule = ({ inputs }) => {
  const [start, limit, delta] = inputs.map(soleElement);
  const type = inputs[0]?.type;
  if (start === undefined || limit === undefined || delta !== 1) return [{ type, dims: [undefined] }];
  const length = subtractSizes(limit, start);
  const isFew = typeof length === 'number' && length >= 0 && length <= MOST_ELEMENTS && Number.isInteger(length);
  const elements = isFew ? Array.from({ length }, (_, i) => addSizes(start, i)) : undefined;
  return [{ type, dims: [length], elements, range: [start, subtractSizes(limit, 1)] }];
};

/** The sizes that a product of matrices has. */
function productDims(a: KnownValue | undefined, b: KnownValue | undefined): Sizes | undefined {
  const [first, second] = [a?.dims, b?.dims];
  if (!first || !second || first.length < 2 || second.length < 2) return undefined;
  const outer = broadcastDims(first.slice(0, -2), second.slice(0, -2));
  return outer && [...outer, first.at(-2), second.at(-1)];
}

const GEMM: Rule = (call) => {
  const [a, b] = call.inputs;
  const rows = a?.dims?.[intOf(call, 'transA', 0) === 1 ? 1 : 0];
  const columns = b?.dims?.[intOf(call, 'transB', 0) === 1 ? 0 : 1];
  return [{ type: a?.type, dims: a?.dims && b?.dims ? [rows, columns] : undefined }];
};

/** Products with weights of four bits, `[N, …]`: `N` stands in an attribute. */
const PACKED_PRODUCT: Rule = (call) => {
  const [a] = call.inputs;
  return [{ type: a?.type, dims: a?.dims && [...a.dims.slice(0, -1), intOf(call, 'N', 0)] }];
};

const SAME_SHAPE: Rule = ({ inputs: [value] }) => [{ type: value?.type, dims: value?.dims }];

const QUANTIZE: Rule = ({ inputs: [value] }) => [
  { type: TYPE.uint8, dims: value?.dims },
  { type: TYPE.float32, dims: [] },
  { type: TYPE.uint8, dims: [] },
];

/** Rules of operators that move numbers about, or of which sizes only are asked. */
export const SHAPE_RULES: Readonly<Record<string, Rule>> = {
  Identity: ({ inputs: [value] }) => [value],
  Shape: SHAPE,
  Gather: GATHER,
  Unsqueeze: UNSQUEEZE,
  Squeeze: SQUEEZE,
  Slice: SLICE,
  Reshape: RESHAPE,
  Transpose: TRANSPOSE,
  Concat: CONCAT,
  Split: SPLIT,
  Expand: EXPAND,
  ScatterND: SCATTER,
  Range: RANGE,
  MatMul: ({ inputs: [a, b] }) => [{ type: a?.type, dims: productDims(a, b) }],
  MatMulInteger: ({ inputs: [a, b] }) => [{ type: TYPE.int32, dims: productDims(a, b) }],
  Gemm: GEMM,
  DynamicQuantizeLinear: QUANTIZE,
  DequantizeLinear: ({ inputs: [value, scale] }) => [{ type: scale?.type, dims: value?.dims }],
  ...Object.fromEntries(
    ['LayerNormalization', 'Softmax', 'LogSoftmax', 'Tanh', 'Erf', 'Exp', 'Relu', 'Sigmoid', 'Gelu', 'Neg'].map(
      (operator) => [operator, SAME_SHAPE],
    ),
  ),
};

/** Those of ONNX Runtime's own operators. */
export const CONTRIB_RULES: Readonly<Record<string, Rule>> = {
  MatMulNBits: PACKED_PRODUCT,
  MatMulBnb4: PACKED_PRODUCT,
};
