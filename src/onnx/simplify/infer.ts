import type { OnnxNode, Range, StoredTensor } from '../read-graph.js';
import type { WireReader } from '../wire-reader.js';
import { countOf, MOST_ELEMENTS, TYPE, type KnownValue } from './known-value.js';
import { readAttributes, readConstant, readDeclaredType, type Constant } from './read-details.js';
import { intOf, type NodeCall, type Rule } from './rule.js';
import { constantOfShape, CONTRIB_RULES, SHAPE_RULES } from './shape-rules.js';
import { IMAGES, openSize, ROWS, type Size } from './size.js';
import { VALUE_RULES } from './value-rules.js';

const RULES: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  '': { ...SHAPE_RULES, ...VALUE_RULES },
  'com.microsoft': CONTRIB_RULES,
};

/** Matrices of truth values are looked through up to this size, for the masks of decoders. */
const MOST_OF_MASK = 2 ** 22;

/**
 * What is known of an input of the graph.
 *
 * @param isFixed whether it stays the same from step to step: its rows are images
 * @param isOfOneToken whether its second axis is that of tokens, of which a step has one
 */
export function knownInput(
  reader: WireReader,
  name: string,
  value: Range,
  { isFixed, isOfOneToken }: { readonly isFixed: boolean; readonly isOfOneToken: boolean },
): KnownValue {
  const { type, dims } = readDeclaredType(reader, value);
  const sizes = dims?.map((size, axis): Size => {
    if (axis === 1 && isOfOneToken) return 1;
    if (typeof size === 'number') return size;
    if (axis === 0) return openSize(isFixed ? IMAGES : ROWS);
    // The same name is the same size among caches, say; a mask may be longer by one, and named alike.
    const own = size === undefined ? name : `${dims.length} ${size}`;
    return openSize(`${isFixed ? 'image' : 'step'} ${own} ${axis}`);
  });
  return { type, dims: sizes };
}

/** What is known of a constant of the graph. */
export function knownConstant(reader: WireReader, tensor: StoredTensor): KnownValue {
  const constant = readConstant(reader, tensor, MOST_ELEMENTS);
  return { ...ofConstant(constant), triangle: isTriangle(reader, constant, tensor.raw) ? {} : undefined };
}

function ofConstant({ type, dims, numbers }: Constant): KnownValue {
  return { type, dims, elements: numbers };
}

/** Whether a constant is the mask of a decoder: a square matrix, 1 up to the diagonal. */
function isTriangle(reader: WireReader, { type, dims }: Constant, raw: Range | undefined): boolean {
  const [height, width] = dims.slice(-2);
  const count = countOf(dims) ?? 0;
  const isMask = (type === TYPE.bool || type === TYPE.uint8) && dims.length >= 2 && height === width;
  if (!raw || !isMask || count !== height! * width! || count > MOST_OF_MASK || raw.to - raw.from !== count)
    return false;
  return reader.bytes(raw.from, raw.to).every((value, at) => value === Number(at % width! <= Math.floor(at / width!)));
}

/** What is known of the results of a node. */
export function knownResults(
  reader: WireReader,
  node: OnnxNode,
  inputs: readonly (KnownValue | undefined)[],
): readonly (KnownValue | undefined)[] {
  const { domain, attributes } = readAttributes(reader, node);
  const call: NodeCall = { inputs, attributes, numOutputs: node.outputs.length };
  return results(reader, node.operator, domain, call).map(sound);
}

function results(
  reader: WireReader,
  operator: string,
  domain: string,
  call: NodeCall,
): readonly (KnownValue | undefined)[] {
  if (domain === '' && operator === 'Constant') return [constantNode(reader, call)];
  if (domain === '' && operator === 'ConstantOfShape') {
    const tensor = call.attributes.get('value')?.tensor;
    const { type, numbers } = tensor
      ? readConstant(reader, { range: tensor }, 1)
      : { type: TYPE.float32, numbers: [0] };
    return constantOfShape(call.inputs[0], type, numbers?.[0]);
  }
  return RULES[domain]?.[operator]?.(call) ?? [];
}

function constantNode(reader: WireReader, call: NodeCall): KnownValue | undefined {
  const tensor = call.attributes.get('value')?.tensor;
  if (tensor) return ofConstant(readConstant(reader, { range: tensor }, MOST_ELEMENTS));
  const float = call.attributes.get('value_float')?.float;
  if (float !== undefined) return { type: TYPE.float32, dims: [], elements: [float] };
  const ints = call.attributes.get('value_ints')?.ints;
  if (ints) return { type: TYPE.int64, dims: [ints.length], elements: ints };
  if (!call.attributes.has('value_int')) return undefined;
  return { type: TYPE.int64, dims: [], elements: [intOf(call, 'value_int', 0)] };
}

/** Without elements that are not as many as the sizes say. */
function sound(value: KnownValue | undefined): KnownValue | undefined {
  if (!value?.elements || countOf(value.dims) === value.elements.length) return value;
  return { ...value, elements: undefined };
}
