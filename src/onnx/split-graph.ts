import type { ByteSource } from '../core/index.js';
import { flatten, type FlatGraph } from './flatten.js';
import { joinFirstStep, type KeptValues } from './join-first-step.js';
import { reaching } from './reaching.js';
import { readModel, type OnnxModel, type OnnxNode, type Range } from './read-graph.js';
import { simplify, type InputFacts } from './simplify/simplify.js';
import { NO_NODES, summaryNodes, type MoreNodes, type SummaryNames } from './summary-nodes.js';
import { WireError, WireReader } from './wire-reader.js';
import { writeModel, type ValueType } from './write-graph.js';

/** How a graph is taken apart. */
interface SplitOptions extends InputFacts {
  /** Name of the graph's file, in which the parts find their weights. */
  readonly file: string;
  /** Which outputs of the first step are inputs of all later ones: they are computed by the first part, and are no inputs. */
  readonly keptAs?: (output: string) => string | undefined;
  /** What is computed of the logits beside them, if they are of a type that allows it. */
  readonly summary?: SummaryNames;
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
    const graph = stepGraph(reader, model, options);
    return graph && divide(reader, model, graph, options);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** The graph of a step with caches, with what it takes from the first step, and without arithmetic that can be done ahead. */
function stepGraph(
  reader: WireReader,
  { graph }: OnnxModel,
  { flag, keptAs, fixed, ofOneToken }: SplitOptions,
): FlatGraph | undefined {
  const later = flatten(graph, flag, 'then_branch');
  if (!later) return undefined;
  const kept: KeptValues = new Map(
    [...later.outputs.keys()]
      .map((output) => [output, keptAs?.(output) ?? ''] as const)
      .filter(([, input]) => later.inputs.has(input)),
  );
  const simplified = simplify(reader, later, { fixed: [...fixed, ...kept.values()], ofOneToken });
  if (kept.size === 0) return simplified;
  const first = flatten(graph, flag, 'else_branch');
  // At the first step, all rows are images.
  const facts = { fixed: [...(first?.inputs.keys() ?? [])], ofOneToken };
  return first && joinFirstStep(simplified, simplify(reader, first, facts), kept, fixed);
}

function divide(
  reader: WireReader,
  { others }: OnnxModel,
  graph: FlatGraph,
  { file, fixed, summary }: SplitOptions,
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
  const write = (
    chosen: readonly OnnxNode[],
    results: readonly (Range | string)[],
    more: MoreNodes,
  ): ReturnType<typeof writeModel> =>
    writeModel(reader, { ...part, nodes: chosen, inputs: usedBy(chosen, inputs), outputs: results, more });
  const fixedPart = write(fixedNodes, between, NO_NODES)(new Map());
  const more = summary ? summaryNodes(reader, others, outputs.get(summary.logits), summary) : NO_NODES;
  return fixedPart && { fixedPart, stepPart: write(stepNodes, [...outputs.values()], more) };
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

/** Those of the inputs that nodes use. */
function usedBy<T>(nodes: readonly OnnxNode[], inputs: ReadonlyMap<string, T>): T[] {
  const used = new Set(nodes.flatMap((node) => node.inputs));
  return [...inputs].filter(([name]) => used.has(name)).map(([, input]) => input);
}
