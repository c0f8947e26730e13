import type { OnnxGraph, OnnxNode, OnnxTensor, Range } from './read-graph.js';

/** A graph of which one branch has been chosen. */
export interface FlatGraph {
  readonly nodes: readonly OnnxNode[];
  readonly tensors: ReadonlyMap<string, OnnxTensor>;
  /** The messages that describe its inputs, without constants that are listed among them. */
  readonly inputs: ReadonlyMap<string, Range>;
  readonly outputs: ReadonlyMap<string, Range>;
}

const CHOICE = 'If';

/**
 * The graph that is left if a flag among its inputs is true: the nodes of that branch stand in the place of the `If`.
 *
 * @param branchName `else_branch` for that which is left if the flag is false
 * @returns the graph as it is if it has no such input; undefined if it is of another form than merged decoders are
 */
export function flatten(
  graph: OnnxGraph,
  flag: string,
  branchName: 'then_branch' | 'else_branch',
): FlatGraph | undefined {
  const inputs = new Map([...graph.inputs].filter(([name]) => !graph.tensors.has(name)));
  const { nodes, tensors, outputs } = graph;
  if (graph.hasSparseTensors) return undefined;
  if (!inputs.has(flag)) return { nodes, tensors, inputs, outputs };
  const choices = nodes.filter((node) => node.inputs.includes(flag));
  const branch = choices[0]?.graphs.get(branchName);
  if (choices[0]?.operator !== CHOICE || choices.length > 1 || !branch || branch.hasSparseTensors) return undefined;
  // The branch names its results as the whole graph does.
  if (String([...branch.outputs.keys()]) !== String(choices[0].outputs)) return undefined;
  inputs.delete(flag);
  return {
    nodes: nodes.flatMap((node) => (node === choices[0] ? branch.nodes : [node])),
    tensors: new Map([...tensors, ...branch.tensors]),
    inputs,
    outputs,
  };
}
