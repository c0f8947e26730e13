import type { ByteSource } from '../core/index.js';
import { flatten, type FlatGraph } from './flatten.js';
import { readModel, type OnnxModel, type OnnxNode, type Range } from './read-graph.js';
import { WireError, WireReader } from './wire-reader.js';
import { writeModel, type ValueType } from './write-graph.js';

/** How a graph is taken apart. */
interface SplitOptions {
  /** Name of the graph's file, in which the parts find their weights. */
  readonly file: string;
  /** Names of the inputs that stay the same from step to step. */
  readonly fixed: readonly string[];
  /** The input that chooses the branch: the parts are made of that for `true`, and do not have this input. */
  readonly flag: string;
}

/** A graph in two parts, which together compute what it computes. */
export interface SplitGraph {
  /** What depends on the fixed inputs alone, as an ONNX model of its own: it runs once. */
  readonly fixedPart: Uint8Array;
  /**
   * The rest, as an ONNX model of its own: it runs at each step.
   * @param between what the first part gives, all of which the second takes, by name
   * @returns undefined if one of them is of a type that is not known
   */
  stepPart(between: ReadonlyMap<string, ValueType>): Uint8Array | undefined;
}

/** Operators whose work is worth a graph of its own. */
const HEAVY = /MatMul|Gemm|Conv|Attention/;
/** Operators that give another result each time. */
const RANDOM = /^(Random|Multinomial|Bernoulli)/;

/**
 * Takes a graph apart that is run step by step: what depends on inputs that stay the same, and on weights, need be computed once only.
 *
 * The parts are small: they refer to the weights in the graph's file, by their places in it, but for those of some kilobytes.
 *
 * @returns undefined if the graph is not of a form that is known, or nothing worth it depends on the fixed inputs alone
 */
export function splitGraph(source: ByteSource, options: SplitOptions): SplitGraph | undefined {
  try {
    const reader = new WireReader(source);
    const model = readModel(reader);
    const graph = flatten(model.graph, options.flag);
    return graph && divide(reader, model, graph, options);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function divide(
  reader: WireReader,
  { others }: OnnxModel,
  graph: FlatGraph,
  { file, fixed }: SplitOptions,
): SplitGraph | undefined {
  const { nodes, inputs, outputs } = graph;
  if (nodes.some(({ operator }) => RANDOM.test(operator))) return undefined;
  const kinds = kindsOf(graph, new Set(fixed));
  const isFixed = (name: string): boolean => kinds.get(name) === 'fixed';
  const stepNodes = reaching(nodes, outputs.keys(), (name) => !isFixed(name));
  const taken = new Set(stepNodes.flatMap((node) => node.inputs).filter(isFixed));
  const between = [...taken].filter((name) => !inputs.has(name));
  const fixedNodes = reaching(nodes, between, () => true);
  if (!fixedNodes.some(({ operator }) => HEAVY.test(operator)) || [...outputs.keys()].some(isFixed)) return undefined;
  const part = { others, file, tensors: graph.tensors };
  const write = (chosen: readonly OnnxNode[], results: readonly (Range | string)[]): ReturnType<typeof writeModel> =>
    writeModel(reader, { ...part, nodes: chosen, inputs: usedBy(chosen, inputs), outputs: results });
  const fixedPart = write(fixedNodes, between)(new Map());
  return fixedPart && { fixedPart, stepPart: write(stepNodes, [...outputs.values()]) };
}

/** Whether a value is a constant, depends on fixed inputs and constants alone, or changes from step to step. */
type Kind = 'constant' | 'fixed' | 'step';

function kindsOf({ nodes, tensors, inputs }: FlatGraph, fixed: ReadonlySet<string>): ReadonlyMap<string, Kind> {
  const kinds = new Map<string, Kind>();
  for (const name of inputs.keys()) kinds.set(name, fixed.has(name) ? 'fixed' : 'step');
  for (const name of tensors.keys()) kinds.set(name, 'constant');
  for (const node of nodes) {
    const taken = node.inputs.filter((name) => name !== '').map((name) => kinds.get(name) ?? 'step');
    const kind = taken.includes('step') ? 'step' : taken.includes('fixed') ? 'fixed' : 'constant';
    for (const name of node.outputs) kinds.set(name, kind);
  }
  return kinds;
}

/** The nodes, in their order, that compute some values, as far as a value is not taken as given. */
function reaching(
  nodes: readonly OnnxNode[],
  values: Iterable<string>,
  isComputed: (name: string) => boolean,
): readonly OnnxNode[] {
  const wanted = new Set(values);
  const found = [...nodes].reverse().filter(({ inputs, outputs }) => {
    if (!outputs.some((name) => wanted.has(name) && isComputed(name))) return false;
    for (const name of inputs) if (isComputed(name)) wanted.add(name);
    return true;
  });
  return found.reverse();
}

/** Those of the inputs that nodes use. */
function usedBy<T>(nodes: readonly OnnxNode[], inputs: ReadonlyMap<string, T>): T[] {
  const used = new Set(nodes.flatMap((node) => node.inputs));
  return [...inputs].filter(([name]) => used.has(name)).map(([, input]) => input);
}
