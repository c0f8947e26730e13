import type { FlatGraph } from '../flatten.js';
import type { OnnxNode, OnnxTensor } from '../read-graph.js';
import type { WireReader } from '../wire-reader.js';
import { knownConstant, knownInput, knownResults } from './infer.js';
import { hasSameDims, numbersOf, TYPE, uniformOf, type KnownValue } from './known-value.js';
import { isSameSize, leastOf, sizeKey } from './size.js';
import { writeConstant } from './write-constant.js';

/** What is known of the inputs of a graph that runs step by step. */
export interface InputFacts {
  /** Names of the inputs that stay the same from step to step. Their first axis has one row, or as many as those of the others. */
  readonly fixed: readonly string[];
  /** Names of those whose second axis has one token at each step. */
  readonly ofOneToken: readonly string[];
}

/** Types of which new constants are written. */
const WRITTEN: readonly (number | undefined)[] = [TYPE.float32, TYPE.int32, TYPE.int64, TYPE.bool];

/** Operators that give their first input back if the other is this number and the result is no larger. */
const NEUTRAL: Readonly<Record<string, number>> = { Add: 0, Sub: 0, Mul: 1, Div: 1 };
/** Of these the order of the inputs does not matter. */
const SYMMETRIC: readonly string[] = ['Add', 'Mul'];
/** Operators that give their input back if the result has the same sizes. */
const RESHAPING: readonly string[] = ['Reshape', 'Expand', 'Slice'];

/**
 * Does the arithmetic of a graph that does not depend on what it is run with, ahead: exporters write most shapes as operators. What
 * is always the same becomes a constant, `Reshape` gets a constant shape if one does for every number of rows and tokens, and operators that
 * change nothing are left out, such as a mask that hides nothing.
 *
 * @returns a graph that computes the same; the graph itself if it has graphs within it. Nodes whose results nothing uses any more are still there
 */
export function simplify(reader: WireReader, graph: FlatGraph, facts: InputFacts): FlatGraph {
  if (graph.nodes.some(({ graphs }) => graphs.size > 0)) return graph;
  const simplifier = new Simplifier(reader, graph, facts);
  const nodes = graph.nodes.flatMap((node) => simplifier.visit(node) ?? []);
  return { ...graph, nodes, tensors: simplifier.tensors };
}

class Simplifier {
  readonly tensors: Map<string, OnnxTensor>;
  readonly #reader: WireReader;
  readonly #outputs: FlatGraph['outputs'];
  readonly #known = new Map<string, KnownValue>();
  /** By the name of a value that is the same as another, the name of that. */
  readonly #sameAs = new Map<string, string>();
  /** What is reshaped, by the name of the result. */
  readonly #reshaped = new Map<string, string>();
  /** Names of values by what they are. */
  readonly #byContent = new Map<string, string>();

  constructor(reader: WireReader, { tensors, inputs, outputs }: FlatGraph, { fixed, ofOneToken }: InputFacts) {
    this.#reader = reader;
    this.#outputs = outputs;
    this.tensors = new Map(tensors);
    for (const [name, range] of inputs) {
      const facts = { isFixed: fixed.includes(name), isOfOneToken: ofOneToken.includes(name) };
      this.#known.set(name, knownInput(reader, name, range, facts));
    }
    for (const [name, tensor] of tensors) {
      if ('range' in tensor) this.#known.set(name, knownConstant(reader, tensor));
    }
  }

  /** The node as it is to be; undefined if its results are there already. */
  visit(node: OnnxNode): OnnxNode | undefined {
    const inputs = node.inputs.map((name) => this.#sameAs.get(name) ?? name);
    const known = inputs.map((name) => this.#known.get(name));
    const results = knownResults(this.#reader, node, known);
    for (const [i, name] of node.outputs.entries()) if (results[i]) this.#known.set(name, results[i]);
    const [output, ...others] = node.outputs;
    const [result] = results;
    if (output === undefined || others.length > 0 || this.#outputs.has(output)) return { ...node, inputs };
    if (result && this.#becomesConstant(output, result)) return undefined;
    const same = sameInput(node.operator, known, result);
    const found = same === undefined ? result && this.#withContent(output, result) : inputs[same];
    if (found !== undefined) {
      this.#sameAs.set(output, found);
      return undefined;
    }
    return { ...node, inputs: node.operator === 'Reshape' && result ? this.#reshape(output, inputs, result) : inputs };
  }

  #becomesConstant(name: string, value: KnownValue): boolean {
    const numbers = numbersOf(value);
    const { type, dims } = value;
    // The largest integers stand for no limit, and are not exact here.
    const isExact = type === TYPE.float32 || numbers?.every(Number.isSafeInteger);
    if (!numbers || !isExact || !WRITTEN.includes(type) || !dims) return false;
    this.tensors.set(name, writeConstant({ type: type!, dims: dims as readonly number[], numbers }));
    return true;
  }

  /** The name of an earlier value that is the same for every number of rows and tokens. */
  #withContent(name: string, { type, dims, elements }: KnownValue): string | undefined {
    if (!dims || !elements?.every((element) => element !== undefined)) return undefined;
    const key = JSON.stringify([type, dims, elements.map(sizeKey)]);
    const found = this.#byContent.get(key);
    if (found === undefined) this.#byContent.set(key, name);
    return found;
  }

  /** The inputs of a `Reshape`: what is reshaped already is taken as it was before, and the shape is a constant if one does. */
  #reshape(output: string, [value, shape]: readonly string[], result: KnownValue): readonly string[] {
    const before = this.#reshaped.get(value!) ?? value!;
    for (const source of new Set([before, value!])) {
      const sizes = shapeFor(this.#known.get(source), result);
      if (!sizes) continue;
      this.#reshaped.set(output, source);
      const name = `shape ${sizes.join(' ')}`;
      if (!this.tensors.has(name)) {
        this.tensors.set(name, writeConstant({ type: TYPE.int64, dims: [sizes.length], numbers: sizes }));
      }
      return [source, name];
    }
    return [value!, shape!];
  }
}

/** Which of its inputs an operator gives back as it is. */
function sameInput(
  operator: string,
  inputs: readonly (KnownValue | undefined)[],
  result: KnownValue | undefined,
): number | undefined {
  const [first, second] = inputs;
  if (operator === 'Identity' || (operator === 'Concat' && inputs.length === 1)) return 0;
  if (operator === 'ScatterND') return uniformOf(result) === undefined ? undefined : 0;
  if (operator === 'Cast') return result?.type !== undefined && first?.type === result.type ? 0 : undefined;
  if (RESHAPING.includes(operator)) return hasSameDims(first, result) ? 0 : undefined;
  if (operator === 'Where') {
    const chosen = uniformOf(first);
    const index = chosen === undefined ? undefined : chosen === 0 ? 2 : 1;
    return index !== undefined && hasSameDims(inputs[index], result) ? index : undefined;
  }
  const neutral = NEUTRAL[operator];
  if (neutral === undefined) return undefined;
  if (uniformOf(second) === neutral && hasSameDims(first, result)) return 0;
  return SYMMETRIC.includes(operator) && uniformOf(first) === neutral && hasSameDims(second, result) ? 1 : undefined;
}

/** A constant shape by which a `Reshape` gives these sizes for every number of rows and tokens, 0 included. */
function shapeFor(value: KnownValue | undefined, { dims }: KnownValue): readonly number[] | undefined {
  if (!value?.dims || !dims || dims.length === 0 || dims.includes(undefined)) return undefined;
  const sizes = dims.map((size, axis) => {
    if (typeof size === 'number') return size;
    return isSameSize(size, value.dims![axis]) ? 0 : -1;
  });
  if (dims.includes(0) || sizes.filter((size) => size === -1).length > 1) return undefined;
  // A size that is left to the runtime is a quotient, so the others may not be 0.
  const isCountable = dims.every((size, axis) => sizes[axis] === -1 || leastOf(size!) > 0);
  return isCountable || !sizes.includes(-1) ? sizes : undefined;
}
