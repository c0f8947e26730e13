import { numbersOf, type KnownValue } from './known-value.js';
import type { Attribute } from './read-details.js';

/** A node as its rule sees it. */
export interface NodeCall {
  /** What is known of the values that it takes; undefined for one that is left out. */
  readonly inputs: readonly (KnownValue | undefined)[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** How many values it gives. */
  readonly numOutputs: number;
}

/** What is known of the values that a node gives, in their order. */
export type Rule = (call: NodeCall) => readonly (KnownValue | undefined)[];

/** An integer among the attributes. */
export function intOf({ attributes }: NodeCall, name: string, otherwise: number): number {
  return attributes.get(name)?.ints[0] ?? otherwise;
}

/** Integers that older versions of an operator have as an attribute, and newer ones as an input. */
export function intsOf({ inputs, attributes }: NodeCall, name: string, input: number): readonly number[] | undefined {
  return attributes.get(name)?.ints ?? numbersOf(inputs[input]);
}

/** An axis counted from the first, as from the last it is negative. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
