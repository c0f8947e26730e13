import { numbersOf, uniformOf, type KnownValue } from './known-value.js';
import { axisOf, type Rule } from './rule.js';
import { addSizes, isSameSize, leastOf, subtractSizes, type Size } from './size.js';

/** The part of an axis that a `Slice` gives: where it begins, how much it is. Undefined if that is not known. */
function sliced(size: Size | undefined, start: Size, end: Size): readonly [Size, Size] | undefined {
  const counted = (at: Size): Size | undefined =>
    typeof at === 'number' && at < 0 ? (size !== undefined ? addSizes(size, at) : undefined) : at;
  const [from, to] = [counted(start), counted(end)];
  if (from === undefined || to === undefined || leastOf(from) < 0) return undefined;
  if (size === undefined) return undefined;
  const isWhole = (typeof to === 'number' && to >= 2 ** 31 - 1) || leastOf(subtractSizes(to, size)) >= 0;
  const last = isWhole ? size : leastOf(subtractSizes(size, to)) >= 0 ? to : undefined;
  if (last === undefined) return undefined;
  const length = subtractSizes(last, from);
  return leastOf(length) >= 0 ? [from, length] : undefined;
}

/** A part of a tensor, along some axes. */
export const SLICE: Rule = ({ inputs: [value, starts, ends, axes, steps] }) => {
  const { dims, type } = value ?? {};
  const numbers = axes ? numbersOf(axes) : starts?.elements?.map((_, axis) => axis);
  if (!dims || !numbers || !starts?.elements || !ends?.elements) return [{ type }];
  if (steps && uniformOf(steps) !== 1) return [{ type }];
  let result: KnownValue = value!;
  for (const [i, given] of numbers.entries()) {
    const axis = axisOf(given, dims.length);
    const [start, end] = [starts.elements[i], ends.elements[i]];
    const part = start === undefined || end === undefined ? undefined : sliced(result.dims?.[axis], start, end);
    result = partOf(result, axis, part ?? (result.triangle && withinMask(start, end)));
  }
  return [result];
};

/** The part of a decoder's mask, which is as large as there are positions: a step beyond it has no result anyway. */
function withinMask(start: Size | undefined, end: Size | undefined): readonly [Size, Size] | undefined {
  if (start === undefined || end === undefined || leastOf(start) < 0) return undefined;
  const length = subtractSizes(end, start);
  return leastOf(length) > 0 ? [start, length] : undefined;
}

/** What is known of a part of a value, of which one axis has been cut. */
function partOf(value: KnownValue, axis: number, part: readonly [Size, Size] | undefined): KnownValue {
  const dims = value.dims!;
  const [from, length] = part ?? [];
  if (from === 0 && isSameSize(length, dims[axis])) return value;
  const result = { ...value, elements: undefined, triangle: undefined, dims: dims.with(axis, length) };
  const isCounted = dims.length === 1 && typeof from === 'number' && typeof length === 'number';
  if (isCounted) return { ...result, elements: value.elements?.slice(from, from + length) };
  if (!value.triangle || from === undefined || length === undefined) return result;
  if (axis < dims.length - 2) return { ...result, triangle: value.triangle };
  const { row } = value.triangle;
  if (axis === dims.length - 2)
    return length === 1 && row === undefined ? { ...result, triangle: { row: from } } : result;
  // A row is 1 up to the diagonal.
  const isOnes = row !== undefined && from === 0 && leastOf(subtractSizes(row, length)) >= -1;
  return isOnes ? { ...result, uniform: 1 } : result;
}
