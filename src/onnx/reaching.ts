import type { OnnxNode } from './read-graph.js';

/** The nodes, in their order, that compute some values, as far as a value is not taken as given. */
export function reaching(
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
