import { WireError, type WireField, type WireReader } from './wire-reader.js';

/** Where something stands in the file, from its first byte to that after its last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** One operator of a graph. */
export interface OnnxNode {
  /** The content of its message. */
  readonly range: Range;
  readonly operator: string;
  /** Names of the values that it takes, those that graphs within it take from outside included. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The graphs within it, such as the branches of an `If`, by the names of its attributes. */
  readonly graphs: ReadonlyMap<string, OnnxGraph>;
}

/** A constant of a graph, as the file has it. */
export interface StoredTensor {
  /** The content of its message. */
  readonly range: Range;
  /** The bytes of its numbers, if they stand in one piece; those in another file do not. */
  readonly raw: Range | undefined;
}

/** A constant that the file does not have. */
export interface NewTensor {
  /** Its message, but for the name. */
  readonly message: Uint8Array;
}

/** A constant of a graph. */
export type OnnxTensor = StoredTensor | NewTensor;

/** What is needed of a graph to take it apart. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  /** Its constants by name. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The contents of the messages that describe its inputs, by name. */
  readonly inputs: ReadonlyMap<string, Range>;
  readonly outputs: ReadonlyMap<string, Range>;
  readonly hasSparseTensors: boolean;
}

/** A model. */
export interface OnnxModel {
  readonly graph: OnnxGraph;
  /** Its fields but for the graph, such as versions, each from its beginning. */
  readonly others: readonly Range[];
}

const MODEL = { graph: 7 } as const;
const GRAPH = { node: 1, tensor: 5, input: 11, output: 12, sparse: 15 } as const;
export const NODE = { input: 1, output: 2, name: 3, operator: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, graph: 6, graphs: 11 } as const;
export const TENSOR = { name: 8, raw: 9 } as const;
/** In the message of an input or output. */
const VALUE_NAME = 1;

/** As deep as graphs are read in graphs. */
const DEEPEST = 8;

/**
 * Reads the structure of an ONNX model. Its constants are not read, but for their names.
 *
 * @throws WireError if it is not a model, or has more than one graph
 */
export function readModel(reader: WireReader): OnnxModel {
  let graph: OnnxGraph | undefined;
  const others: Range[] = [];
  for (const field of reader.fields(0, reader.size)) {
    if (field.number !== MODEL.graph) others.push({ from: field.start, to: field.to });
    else if (graph) throw new WireError('the graph stands in several parts');
    else graph = readGraph(reader, field, 0);
  }
  if (!graph) throw new WireError('there is no graph');
  return { graph, others };
}

function readGraph(reader: WireReader, range: Range, depth: number): OnnxGraph {
  if (depth > DEEPEST) throw new WireError('graphs are nested too deeply');
  const nodes: OnnxNode[] = [];
  const tensors = new Map<string, StoredTensor>();
  const inputs = new Map<string, Range>();
  const outputs = new Map<string, Range>();
  let hasSparseTensors = false;
  for (const field of reader.fields(range.from, range.to)) {
    if (field.number === GRAPH.node) nodes.push(readNode(reader, field, depth));
    else if (field.number === GRAPH.tensor) tensors.set(...readTensor(reader, field));
    else if (field.number === GRAPH.input) inputs.set(readText(reader, field, VALUE_NAME), rangeOf(field));
    else if (field.number === GRAPH.output) outputs.set(readText(reader, field, VALUE_NAME), rangeOf(field));
    else if (field.number === GRAPH.sparse) hasSparseTensors = true;
  }
  return { nodes, tensors, inputs, outputs, hasSparseTensors };
}

function readNode(reader: WireReader, node: Range, depth: number): OnnxNode {
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const graphs = new Map<string, OnnxGraph>();
  let operator = '';
  for (const field of reader.fields(node.from, node.to)) {
    if (field.number === NODE.input) inputs.push(reader.text(field));
    else if (field.number === NODE.output) outputs.push(reader.text(field));
    else if (field.number === NODE.operator) operator = reader.text(field);
    else if (field.number === NODE.attribute) readAttribute(reader, field, depth, graphs);
  }
  const within = [...graphs.values()].flatMap((graph) => [...namesFromOutside(graph)]);
  return { range: rangeOf(node), operator, inputs: [...inputs, ...within], outputs, graphs };
}

function readAttribute(reader: WireReader, attribute: Range, depth: number, graphs: Map<string, OnnxGraph>): void {
  let name = '';
  const found: WireField[] = [];
  for (const field of reader.fields(attribute.from, attribute.to)) {
    if (field.number === ATTRIBUTE.name) name = reader.text(field);
    else if (field.number === ATTRIBUTE.graph || field.number === ATTRIBUTE.graphs) found.push(field);
  }
  for (const [index, field] of found.entries()) {
    graphs.set(index === 0 ? name : `${name}.${index}`, readGraph(reader, field, depth + 1));
  }
}

/** What a graph takes from the graph around it. */
function namesFromOutside({ nodes, tensors, inputs, outputs }: OnnxGraph): Set<string> {
  const inside = new Set([...tensors.keys(), ...inputs.keys(), ...nodes.flatMap((node) => node.outputs)]);
  const used = [...nodes.flatMap((node) => node.inputs), ...outputs.keys()];
  return new Set(used.filter((name) => !inside.has(name)));
}

function readTensor(reader: WireReader, tensor: Range): [string, StoredTensor] {
  let raw: Range | undefined;
  let name = '';
  for (const field of reader.fields(tensor.from, tensor.to)) {
    if (field.number === TENSOR.name) name = reader.text(field);
    else if (field.number === TENSOR.raw) raw = rangeOf(field);
  }
  return [name, { range: rangeOf(tensor), raw }];
}

/** The text of a field of a message. */
function readText(reader: WireReader, message: Range, number: number): string {
  for (const field of reader.fields(message.from, message.to)) if (field.number === number) return reader.text(field);
  return '';
}

function rangeOf({ from, to }: Range): Range {
  return { from, to };
}
