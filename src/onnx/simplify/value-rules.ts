import { float16ToFloat32, float32ToFloat16 } from '../../numerics/float16.js';
import { isAtMost, MOST_ELEMENTS, numbersOf, rangeOf, TYPE, uniformOf, type KnownValue } from './known-value.js';
import { intOf, type Rule } from './rule.js';
import { broadcastDims } from './shape-rules.js';
import { addSizes, multiplySizes, subtractSizes, type Size } from './size.js';

const INTEGERS: readonly (number | undefined)[] = [TYPE.int32, TYPE.int64];
const FLOATS: readonly (number | undefined)[] = [TYPE.float32, TYPE.float16];

/** A number as a type holds it. Undefined for a type whose rounding is not known here. */
function rounded(value: Size | undefined, type: number | undefined): Size | undefined {
  if (typeof value !== 'number') return INTEGERS.includes(type) ? value : undefined;
  if (type === TYPE.float32) return Math.fround(value);
  if (type === TYPE.float16) return isHalf(value) ? value : undefined;
  return INTEGERS.includes(type) && Number.isSafeInteger(value) ? value : undefined;
}

/** Whether a number is one of half precision. */
function isHalf(value: number): boolean {
  return float16ToFloat32(float32ToFloat16(Float32Array.of(value)))[0] === value;
}

/** The pairs of elements of two tensors that an operator takes, if both are known and one has one element or both have as many. */
function pairs(
  a: KnownValue | undefined,
  b: KnownValue | undefined,
): (readonly [Size | undefined, Size | undefined])[] | undefined {
  const [first, second] = [a?.elements, b?.elements];
  if (!first || !second) return undefined;
  const length = Math.max(first.length, second.length);
  const fits = [first, second].every((elements) => elements.length === length || elements.length === 1);
  if (!fits || length > MOST_ELEMENTS) return undefined;
  const at = (elements: typeof first, i: number): Size | undefined => elements[elements.length === 1 ? 0 : i];
  return Array.from({ length }, (_, i) => [at(first, i), at(second, i)]);
}

function arithmetic(calculate: (a: Size, b: Size, type: number | undefined) => Size | undefined): Rule {
  return ({ inputs: [a, b] }) => {
    const type = a?.type;
    const result = (x: Size | undefined, y: Size | undefined): Size | undefined =>
      x === undefined || y === undefined ? undefined : rounded(calculate(x, y, type), type);
    const uniform = result(uniformOf(a), uniformOf(b));
    return [
      {
        type,
        dims: broadcastDims(a?.dims, b?.dims),
        elements: pairs(a, b)?.map(([x, y]) => result(x, y)),
        uniform: typeof uniform === 'number' ? uniform : undefined,
      },
    ];
  };
}

function divide(a: Size, b: Size, type: number | undefined): Size | undefined {
  if (typeof a !== 'number' || typeof b !== 'number') return undefined;
  if (!INTEGERS.includes(type)) return a / b;
  return b === 0 ? undefined : Math.trunc(a / b);
}

/** Truth values as numbers. */
function truth(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

type Range = readonly [Size, Size];

/** @param compare whether the first range is all such against the second; undefined if that depends */
function comparison(compare: (a: Range, b: Range) => boolean | undefined): Rule {
  return ({ inputs: [a, b] }) => {
    const isExact = INTEGERS.includes(a?.type) || FLOATS.includes(a?.type);
    const result = (x: Range | undefined, y: Range | undefined): number | undefined =>
      x && y && isExact ? truth(compare(x, y)) : undefined;
    const rangeAt = (element: Size | undefined): Range | undefined =>
      element === undefined ? undefined : [element, element];
    return [
      {
        type: TYPE.bool,
        dims: broadcastDims(a?.dims, b?.dims),
        elements: pairs(a, b)?.map(([x, y]) => result(rangeAt(x), rangeAt(y))),
        uniform: result(rangeOf(a), rangeOf(b)),
      },
    ];
  };
}

const not = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);

function isEqual(a: Range, b: Range): boolean | undefined {
  const [below, above] = [isAtMost(a, b), isAtMost(b, a)];
  if (below === false || above === false) return false;
  return below === true && above === true ? true : undefined;
}

/** Of a value and of one that is all 0 or all 1. */
function logical(decisive: 0 | 1): Rule {
  return ({ inputs: [a, b] }) => {
    const both = [uniformOf(a), uniformOf(b)];
    const uniform = both.includes(decisive)
      ? decisive
      : both.every((one) => one !== undefined)
        ? 1 - decisive
        : undefined;
    return [{ type: TYPE.bool, dims: broadcastDims(a?.dims, b?.dims), uniform }];
  };
}

const WHERE: Rule = ({ inputs: [condition, yes, no] }) => {
  const type = yes?.type ?? no?.type;
  const dims = broadcastDims(condition?.dims, yes?.dims, no?.dims);
  const chosen = uniformOf(condition);
  const uniforms = [uniformOf(yes), uniformOf(no)];
  const uniform =
    chosen === undefined ? (Object.is(uniforms[0], uniforms[1]) ? uniforms[0] : undefined) : uniforms[chosen ? 0 : 1];
  const choices = numbersOf(condition);
  const either = pairs(yes, no);
  const fits = choices && either && (choices.length === either.length || choices.length === 1);
  const elements = fits ? either.map(([x, y], i) => (choices[choices.length === 1 ? 0 : i] ? x : y)) : undefined;
  return [{ type, dims, uniform, elements }];
};

const CAST: Rule = (call) => {
  const [value] = call.inputs;
  const type = intOf(call, 'to', 0);
  const cast = (element: Size | undefined): Size | undefined => castOf(element, value?.type, type);
  const uniform = value?.uniform === undefined ? undefined : cast(value.uniform);
  const isInteger = INTEGERS.includes(type) && INTEGERS.includes(value?.type);
  return [
    {
      type,
      dims: value?.dims,
      elements: value?.elements?.map(cast),
      uniform: typeof uniform === 'number' ? uniform : undefined,
      range: isInteger ? value?.range : undefined,
      triangle: type === TYPE.bool ? value?.triangle : undefined,
    },
  ];
};

function castOf(element: Size | undefined, from: number | undefined, to: number): Size | undefined {
  if (to === from) return element;
  if (typeof element !== 'number') return INTEGERS.includes(from) ? rounded(element, to) : undefined;
  if (to === TYPE.bool) return Number(element !== 0);
  if (INTEGERS.includes(to)) return rounded(Math.trunc(element), to);
  return rounded(element, to);
}

const SQRT: Rule = ({ inputs: [value] }) => {
  const root = (element: Size | undefined): Size | undefined =>
    typeof element === 'number' && value?.type === TYPE.float32 ? Math.fround(Math.sqrt(element)) : undefined;
  return [{ type: value?.type, dims: value?.dims, elements: value?.elements?.map(root) }];
};

/** Rules of operators that compute with small tensors of numbers or truth values. */
export const VALUE_RULES: Readonly<Record<string, Rule>> = {
  Add: arithmetic(addSizes),
  Sub: arithmetic(subtractSizes),
  Mul: arithmetic(multiplySizes),
  Div: arithmetic(divide),
  Pow: arithmetic(() => undefined),
  Sqrt: SQRT,
  Cast: CAST,
  Where: WHERE,
  Equal: comparison(isEqual),
  LessOrEqual: comparison(isAtMost),
  GreaterOrEqual: comparison((a, b) => isAtMost(b, a)),
  Less: comparison((a, b) => not(isAtMost(b, a))),
  Greater: comparison((a, b) => not(isAtMost(a, b))),
  And: logical(0),
  Or: logical(1),
  Not: ({ inputs: [value] }) => {
    const uniform = uniformOf(value);
    return [{ type: TYPE.bool, dims: value?.dims, uniform: uniform === undefined ? undefined : 1 - uniform }];
  },
  IsNaN: ({ inputs: [value] }) => [{ type: TYPE.bool, dims: value?.dims }],
};
