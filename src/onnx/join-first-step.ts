import type { FlatGraph } from './flatten.js';
import { reaching } from './reaching.js';

/** Before the names of values of the first step, which may be those of later steps. */
const PREFIX = 'first step/';

/** The outputs of the first step that are inputs of all later ones, by name, and the names of these inputs. */
export type KeptValues = ReadonlyMap<string, string>;

/**
 * The graph of later steps, with what it takes from the first one computed by the nodes of that one, and no longer inputs.
 *
 * @param fixed names of the inputs that stay the same from step to step
 * @returns undefined if the first step does not compute all of it of fixed inputs, or has graphs within these nodes, which use names, too
 */
export function joinFirstStep(
  later: FlatGraph,
  first: FlatGraph,
  kept: KeptValues,
  fixed: readonly string[],
): FlatGraph | undefined {
  const nodes = reaching(first.nodes, kept.keys(), () => true);
  const own = new Set(nodes.flatMap((node) => node.outputs));
  const taken = nodes.flatMap((node) => node.inputs).filter((name) => first.inputs.has(name));
  const isComplete = [...kept.keys()].every((name) => own.has(name)) && taken.every((name) => fixed.includes(name));
  if (!isComplete || nodes.some(({ graphs }) => graphs.size > 0)) return undefined;
  const isOwn = (name: string): boolean => name !== '' && !first.inputs.has(name);
  const renamed = (name: string): string => kept.get(name) ?? (isOwn(name) ? PREFIX + name : name);
  const computed = new Set(kept.values());
  return {
    nodes: [
      ...nodes.map((node) => ({ ...node, inputs: node.inputs.map(renamed), outputs: node.outputs.map(renamed) })),
      ...later.nodes,
    ],
    tensors: new Map([
      ...[...first.tensors].map(([name, tensor]) => [renamed(name), tensor] as const),
      ...later.tensors,
    ]),
    inputs: new Map([...later.inputs].filter(([name]) => !computed.has(name))),
    outputs: new Map([...later.outputs].filter(([name]) => !kept.has(name))),
  };
}
