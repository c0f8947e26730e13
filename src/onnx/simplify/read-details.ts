import { float16ToFloat32 } from '../../numerics/float16.js';
import type { OnnxNode, Range } from '../read-graph.js';
import type { WireField, WireReader } from '../wire-reader.js';
import { TYPE } from './known-value.js';

/** An attribute of a node: what it is depends on the operator. */
export interface Attribute {
  /** Of an integer one element, of integers as many. */
  readonly ints: readonly number[];
  readonly float: number | undefined;
  readonly tensor: Range | undefined;
}

/** The numbers of a constant, and what they are. */
export interface Constant {
  /** Number of the element type in `TensorProto.DataType`. */
  readonly type: number;
  readonly dims: readonly number[];
  /** Undefined if they are too many, not in the file, or of a type that is not read. Truth values are 0 and 1. */
  readonly numbers: readonly number[] | undefined;
}

/** What the graph says of the type of an input or output. */
interface DeclaredType {
  readonly type: number | undefined;
  /** Sizes; those that have a name only are texts, others undefined. Undefined if their number is not said. */
  readonly dims: readonly (number | string | undefined)[] | undefined;
}

const NODE = { attribute: 5, domain: 7 } as const;
const ATTRIBUTE = { name: 1, float: 2, int: 3, tensor: 5, ints: 8 } as const;
const TENSOR = { dims: 1, type: 2, floats: 4, int32s: 5, int64s: 7, raw: 9 } as const;
const VALUE_TYPE = 2;
const TYPE_TENSOR = 1;
const TENSOR_TYPE = { element: 1, shape: 2 } as const;
const SHAPE_DIM = 1;
const DIM = { size: 1, name: 2 } as const;

/** The attributes of a node by name, and the domain of its operator, empty for those of ONNX itself. */
export function readAttributes(
  reader: WireReader,
  { range }: Pick<OnnxNode, 'range'>,
): { readonly domain: string; readonly attributes: ReadonlyMap<string, Attribute> } {
  const attributes = new Map<string, Attribute>();
  let domain = '';
  for (const field of reader.fields(range.from, range.to)) {
    if (field.number === NODE.domain) domain = reader.text(field);
    if (field.number === NODE.attribute) attributes.set(...readAttribute(reader, field));
  }
  return { domain, attributes };
}

function readAttribute(reader: WireReader, attribute: Range): [string, Attribute] {
  let name = '';
  const ints: number[] = [];
  let float: number | undefined;
  let tensor: Range | undefined;
  for (const field of reader.fields(attribute.from, attribute.to)) {
    if (field.number === ATTRIBUTE.name) name = reader.text(field);
    else if (field.number === ATTRIBUTE.float) float = viewOf(reader, field).getFloat32(0, true);
    else if (field.number === ATTRIBUTE.tensor) tensor = { from: field.from, to: field.to };
    else if (field.number === ATTRIBUTE.int || field.number === ATTRIBUTE.ints) ints.push(...readInts(reader, field));
  }
  return [name, { ints, float, tensor }];
}

/**
 * Reads a constant.
 *
 * @param most numbers of a larger one are not read
 */
export function readConstant(reader: WireReader, { range }: { readonly range: Range }, most: number): Constant {
  const [dims, numbers]: [number[], number[]] = [[], []];
  let type = 0;
  let raw: WireField | undefined;
  for (const field of reader.fields(range.from, range.to)) {
    if (field.number === TENSOR.dims) dims.push(...readInts(reader, field));
    else if (field.number === TENSOR.type) type = field.value ?? 0;
    else if (field.number === TENSOR.raw) raw = field;
    else if (field.to - field.from > most * 10) continue;
    else if (field.number === TENSOR.floats) numbers.push(...readNumbers(viewOf(reader, field), 1));
    else if (field.number === TENSOR.int32s || field.number === TENSOR.int64s) numbers.push(...readInts(reader, field));
  }
  const count = dims.reduce((product, size) => product * size, 1);
  if (count > most) return { type, dims, numbers: undefined };
  if (raw) numbers.push(...readNumbers(viewOf(reader, raw), type));
  // Half-precision numbers that do not lie in one piece are written as bits.
  const isRead = numbers.length === count && (raw !== undefined || type !== TYPE.float16);
  return { type, dims, numbers: isRead ? numbers : undefined };
}

/** What the description of an input or output says. */
export function readDeclaredType(reader: WireReader, value: Range): DeclaredType {
  const tensor = within(reader, within(reader, value, VALUE_TYPE), TYPE_TENSOR);
  if (!tensor) return { type: undefined, dims: undefined };
  let type: number | undefined;
  let dims: (number | string | undefined)[] | undefined;
  for (const field of reader.fields(tensor.from, tensor.to)) {
    if (field.number === TENSOR_TYPE.element) type = field.value;
    if (field.number === TENSOR_TYPE.shape) dims = readShape(reader, field);
  }
  return { type, dims };
}

function readShape(reader: WireReader, shape: Range): (number | string | undefined)[] {
  const dims: (number | string | undefined)[] = [];
  for (const dim of reader.fields(shape.from, shape.to)) {
    if (dim.number !== SHAPE_DIM) continue;
    let size: number | string | undefined;
    for (const field of reader.fields(dim.from, dim.to)) {
      if (field.number === DIM.size) size = field.value;
      else if (field.number === DIM.name) size = reader.text(field) || undefined;
    }
    dims.push(size);
  }
  return dims;
}

function within(reader: WireReader, message: Range | undefined, number: number): WireField | undefined {
  if (message) for (const field of reader.fields(message.from, message.to)) if (field.number === number) return field;
  return undefined;
}

/** Integers of a field, one or, packed, several; they may be negative. */
function readInts(reader: WireReader, field: WireField): number[] {
  if (field.value !== undefined && field.value < Number.MAX_SAFE_INTEGER) return [field.value];
  const bytes = field.value === undefined ? reader.bytes(field.from, field.to) : reader.bytes(field.start, field.to);
  const found: number[] = [];
  let [value, shift] = [0n, 0n];
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte >= 128) continue;
    found.push(Number(BigInt.asIntN(64, value)));
    [value, shift] = [0n, 0n];
  }
  return field.value === undefined ? found : found.slice(1); // without the field's number
}

/** How elements are read by the number of their type: bytes of each, and the number at a place. */
const ELEMENTS: Readonly<Record<number, readonly [number, (view: DataView, at: number) => number]>> = {
  1: [4, (view, at) => view.getFloat32(at, true)],
  6: [4, (view, at) => view.getInt32(at, true)],
  7: [8, (view, at) => Number(view.getBigInt64(at, true))],
  9: [1, (view, at) => view.getUint8(at)],
  10: [2, (view, at) => float16ToFloat32(Uint16Array.of(view.getUint16(at, true)))[0] as number],
};

function readNumbers(view: DataView, type: number): number[] {
  const [width, read] = ELEMENTS[type] ?? [1, undefined];
  if (!read) return [];
  return Array.from({ length: Math.floor(view.byteLength / width) }, (_, i) => read(view, i * width));
}

function viewOf(reader: WireReader, { from, to }: Range): DataView {
  const bytes = reader.bytes(from, to).slice();
  return new DataView(bytes.buffer);
}
