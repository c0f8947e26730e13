import { isSameSize, leastOf, subtractSizes, type Size } from './size.js';

/** Numbers of element types in `TensorProto.DataType`. */
export const TYPE = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float16: 10 } as const;

/** The sizes of a tensor; undefined ones are not known. */
export type Sizes = readonly (Size | undefined)[];

/** What is known of a value of a graph before it runs. */
export interface KnownValue {
  /** Its element type, as in {@link TYPE}. */
  readonly type?: number | undefined;
  /** Its sizes, if their number is known. */
  readonly dims?: Sizes | undefined;
  /** Its elements, of which some may be open or not known; those of a small tensor only. Truth values are 0 and 1. */
  readonly elements?: readonly (Size | undefined)[] | undefined;
  /** What each of its elements is, however many there are. */
  readonly uniform?: number | undefined;
  /** The least and the largest that an element may be. */
  readonly range?: readonly [Size, Size] | undefined;
  /** Its last two axes are a matrix that is 1 up to the diagonal and 0 above it or, if `row` is given, that row of such a matrix. */
  readonly triangle?: { readonly row?: Size } | undefined;
}

/** Larger tensors are not looked into. */
export const MOST_ELEMENTS = 64;

/** Number of elements, if it is known. */
export function countOf(dims: Sizes | undefined): number | undefined {
  if (!dims?.every((size) => typeof size === 'number')) return undefined;
  return dims.reduce((product, size) => product * size, 1);
}

/** What each element is, if they are all the same. */
export function uniformOf(value: KnownValue | undefined): number | undefined {
  if (value?.uniform !== undefined) return value.uniform;
  const first = value?.elements?.[0];
  if (typeof first !== 'number') return undefined;
  return value!.elements!.every((element) => Object.is(element, first)) ? first : undefined;
}

/** The least and the largest that an element may be. */
export function rangeOf(value: KnownValue | undefined): readonly [Size, Size] | undefined {
  if (value?.range) return value.range;
  const uniform = uniformOf(value);
  if (uniform !== undefined) return [uniform, uniform];
  const { elements } = value ?? {};
  if (elements?.length === 1 && elements[0] !== undefined) return [elements[0], elements[0]];
  return undefined;
}

/** The element of a tensor that has one. */
export function soleElement(value: KnownValue | undefined): Size | undefined {
  return value?.elements?.length === 1 ? value.elements[0] : undefined;
}

/** The numbers of a tensor, if all of them are known. */
export function numbersOf(value: KnownValue | undefined): readonly number[] | undefined {
  const { elements } = value ?? {};
  return elements?.every((element) => typeof element === 'number') ? elements : undefined;
}

/** Whether two tensors have the same sizes. */
export function hasSameDims(a: KnownValue | undefined, b: KnownValue | undefined): boolean {
  const [first, second] = [a?.dims, b?.dims];
  return first?.length === second?.length && first?.every((size, axis) => isSameSize(size, second?.[axis])) === true;
}

/** Whether a number is never above another. Undefined if that depends. */
export function isAtMost(a: readonly [Size, Size], b: readonly [Size, Size]): boolean | undefined {
  if (leastOf(subtractSizes(b[0], a[1])) >= 0) return true;
  return leastOf(subtractSizes(a[0], b[1])) > 0 ? false : undefined;
}
