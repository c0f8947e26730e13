import { ELEMENT_TYPES } from './element-types.js';
import { NODE, TENSOR, type OnnxNode, type OnnxTensor, type Range } from './read-graph.js';
import type { MoreNodes } from './summary-nodes.js';
import type { WireReader } from './wire-reader.js';
import { bytesField, concat, numberField, textField } from './wire-writer.js';

/** What is said of an input that the graph did not have. */
export interface ValueType {
  /** Element type as ONNX Runtime names it. */
  readonly type: string;
  /** Sizes; what is not a number is left open. */
  readonly dims: readonly (number | string)[];
}

/** A part of a graph, to be written as a model of its own. */
interface GraphPart {
  /** Fields of the model beside its graph. */
  readonly others: readonly Range[];
  /** Name of the file that has the weights. */
  readonly file: string;
  readonly nodes: readonly OnnxNode[];
  /** Constants, of which those that the nodes use are written. */
  readonly tensors: ReadonlyMap<string, OnnxTensor>;
  /** As the graph describes them. */
  readonly inputs: readonly Range[];
  /** As the graph describes them, or names only. */
  readonly outputs: readonly (Range | string)[];
  /** What the graph did not have. */
  readonly more: MoreNodes;
}

const MODEL_GRAPH = 7;
const GRAPH = { node: 1, name: 2, tensor: 5, input: 11, output: 12 } as const;
const VALUE = { name: 1, type: 2 } as const;
const TYPE_TENSOR = 1;
const TENSOR_TYPE = { element: 1, shape: 2 } as const;
const SHAPE_DIM = 1;
const DIM_SIZE = 1;
const EXTERNAL_DATA = { entries: 13, location: 14 } as const;
const ENTRY = { key: 1, value: 2 } as const;
/** The value of `data_location` for a constant whose numbers are in another file. */
const EXTERNAL = 1;

/** Smaller constants are copied: the runtime looks into those of shapes, and vectors are read where they lie. */
const COPIED_BYTES = 2 ** 16;

/**
 * Writes a part of a graph as a model.
 *
 * @returns the function that completes it by further inputs; the graph's file is needed no longer. It gives undefined if one of them
 *   is of a type that is not known.
 */
export function writeModel(
  reader: WireReader,
  part: GraphPart,
): (inputs: ReadonlyMap<string, ValueType>) => Uint8Array<ArrayBuffer> | undefined {
  const copy = ({ from, to }: Range): Uint8Array => reader.bytes(from, to).slice();
  const used = new Set(part.nodes.flatMap((node) => node.inputs));
  const fields: Uint8Array[] = part.nodes.map((node) => bytesField(GRAPH.node, ...nodeFields(reader, node)));
  for (const message of part.more.nodes) fields.push(bytesField(GRAPH.node, message));
  fields.push(textField(GRAPH.name, 'part'));
  for (const [name, tensor] of part.more.tensors) {
    fields.push(bytesField(GRAPH.tensor, ...tensorFields(reader, name, tensor, part.file)));
  }
  for (const [name, tensor] of part.tensors) {
    if (used.has(name)) fields.push(bytesField(GRAPH.tensor, ...tensorFields(reader, name, tensor, part.file)));
  }
  for (const input of part.inputs) fields.push(bytesField(GRAPH.input, copy(input)));
  for (const output of [...part.outputs, ...part.more.outputs]) {
    const content = typeof output === 'string' ? textField(VALUE.name, output) : copy(output);
    fields.push(bytesField(GRAPH.output, content));
  }
  const others = part.others.map(copy);
  return (inputs) => {
    const more: Uint8Array[] = [];
    for (const [name, { type, dims }] of inputs) {
      const element = elementNumber(type);
      if (element === undefined) return undefined;
      more.push(bytesField(GRAPH.input, ...valueFields(name, element, dims)));
    }
    return concat([...others, bytesField(MODEL_GRAPH, ...fields, ...more)]);
  };
}

/** A node, with the names of values that it has now and none of its own, which must not be there twice. One with graphs within it, which use names, too, has those that it had. */
function nodeFields(reader: WireReader, { range, inputs, outputs, graphs }: OnnxNode): Uint8Array[] {
  if (graphs.size > 0) return [reader.bytes(range.from, range.to).slice()];
  return [
    ...inputs.map((name) => textField(NODE.input, name)),
    ...outputs.map((name) => textField(NODE.output, name)),
    ...fieldsBut(reader, range, [NODE.input, NODE.output, NODE.name]),
  ];
}

/** A constant: a small one as it is, of another the place of its bytes. */
function tensorFields(reader: WireReader, name: string, tensor: OnnxTensor, file: string): Uint8Array[] {
  const nameField = textField(TENSOR.name, name);
  if ('message' in tensor) return [tensor.message, nameField];
  const { range, raw } = tensor;
  if (!raw || raw.to - raw.from <= COPIED_BYTES) return [...fieldsBut(reader, range, [TENSOR.name]), nameField];
  const fields = [...fieldsBut(reader, range, [TENSOR.name, TENSOR.raw]), nameField];
  const entries = { location: file, offset: raw.from, length: raw.to - raw.from };
  for (const [key, value] of Object.entries(entries)) {
    const entry = [textField(ENTRY.key, key), textField(ENTRY.value, String(value))];
    fields.push(bytesField(EXTERNAL_DATA.entries, ...entry));
  }
  return [...fields, numberField(EXTERNAL_DATA.location, EXTERNAL)];
}

/** The fields of a message but for some, each from its beginning. */
function fieldsBut(reader: WireReader, { from, to }: Range, others: readonly number[]): Uint8Array[] {
  const fields: Uint8Array[] = [];
  for (const field of reader.fields(from, to)) {
    if (!others.includes(field.number)) fields.push(reader.bytes(field.start, field.to).slice());
  }
  return fields;
}

function elementNumber(type: string): number | undefined {
  const found = Object.entries(ELEMENT_TYPES).find(([, known]) => known === type);
  return found && Number(found[0]);
}

/** The description of a value. */
function valueFields(name: string, element: number, dims: ValueType['dims']): Uint8Array[] {
  const sizes = dims.map((size) => (typeof size === 'number' ? [numberField(DIM_SIZE, size)] : []));
  const shape = bytesField(TENSOR_TYPE.shape, ...sizes.map((size) => bytesField(SHAPE_DIM, ...size)));
  const tensor = bytesField(TYPE_TENSOR, numberField(TENSOR_TYPE.element, element), shape);
  return [textField(VALUE.name, name), bytesField(VALUE.type, tensor)];
}
