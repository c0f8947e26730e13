import { InvalidArgumentError } from '../core/index.js';
import { describeValue, tagOf } from './describe-value.js';
import { nearestName } from './nearest-name.js';

/** One thing that a value may have to be, with the words for it. */
export interface Check<T> {
  /** After "must be", such as `an integer from 1 to 64`. */
  readonly expected: string;
  accepts(value: unknown): value is T;
  /** The values that a text may have, for checks that are about texts; empty if there are too many. */
  readonly choices?: readonly string[];
  /** Whether a wrong value is not repeated in the message. */
  readonly isSecret?: boolean;
}

function check<T>(expected: string, accepts: (value: unknown) => boolean, choices?: readonly string[]): Check<T> {
  return { expected, accepts: accepts as (value: unknown) => value is T, ...(choices && { choices }) };
}

/** @param maxName the option that sets the upper bound, for the message */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER, maxName?: string): Check<number> {
  const upper = maxName === undefined ? `${max}` : `${maxName} (${max})`;
  const range = max >= Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${upper}`;
  return check(`an integer ${range}`, (value) => Number.isSafeInteger(value) && isWithin(value, min, max));
}

/** A finite number of at least `min`. */
export function atLeast(min: number): Check<number> {
  return check(`a finite number of at least ${min}`, (value) => Number.isFinite(value) && (value as number) >= min);
}

/** Any finite number. */
export const finite: Check<number> = check('a finite number', (value) => Number.isFinite(value));

/** A finite number above 0, `max` at most. */
export function positive(max = Infinity): Check<number> {
  const expected = max === Infinity ? 'a finite number above 0' : `a number above 0 and at most ${max}`;
  return check(expected, (value) => Number.isFinite(value) && (value as number) > 0 && (value as number) <= max);
}

/** A number above 0; infinity is one. */
export const limit: Check<number> = check(
  'a number above 0',
  (value) => typeof value === 'number' && value > 0, // not NaN
);

/** A number from `min` to `max`. */
export function numberFrom(min: number, max: number): Check<number> {
  return check(`a number from ${min} to ${max}`, (value) => Number.isFinite(value) && isWithin(value, min, max));
}

/** A number between 0 and 1, neither of them. */
export const openShare: Check<number> = check(
  'a number above 0 and below 1',
  (value) => typeof value === 'number' && value > 0 && value < 1,
);

/** A number from 0 to 1. */
export const share: Check<number> = numberFrom(0, 1);

/** True or false. */
export const boolean: Check<boolean> = check('true or false', (value) => typeof value === 'boolean');

/** A text. */
export const text: Check<string> = check('a string', (value) => typeof value === 'string', []);

/** A text of at least one character. */
export const someText: Check<string> = check(
  'a non-empty string',
  (value) => typeof value === 'string' && value !== '',
  [],
);

/** Anything that can be called. */
export const callable: Check<(...args: never[]) => unknown> = check(
  'a function',
  (value) => typeof value === 'function',
);

/** An `AbortSignal`, from whichever realm. */
export const abortSignal: Check<AbortSignal> = check(
  'an AbortSignal',
  (value) => typeof (value as Partial<AbortSignal> | null | undefined)?.throwIfAborted === 'function',
);

/** One of some values. */
export function oneOf<T extends string | boolean>(choices: readonly T[]): Check<T> {
  const shown = choices.map((choice) => (typeof choice === 'string' ? `'${choice}'` : `${choice}`));
  const expected =
    shown.length === 1 ? String(shown[0]) : `${shown.slice(0, -1).join(', ')} or ${String(shown.at(-1))}`;
  const texts = choices.filter((choice) => typeof choice === 'string');
  return check(expected, (value) => choices.includes(value as T), texts);
}

/** A colour: red, green and blue, 0 … 255 each. */
export const rgb: Check<readonly [number, number, number]> = check(
  '[red, green, blue], integers from 0 to 255',
  (value) => Array.isArray(value) && value.length === 3 && value.every((byte) => integer(0, 255).accepts(byte)),
);

/** An object that holds options or fields: none with a meaning of its own, such as an array, a date, a signal. */
export const plainObject: Check<Readonly<Record<string, unknown>>> = check('an object', (value) =>
  ['Object', 'Module'].includes(tagOf(value)),
);

/** "a must be b, not c.", and for a text that is nearly right the right one. */
function mustBe(path: string, check: Omit<Check<unknown>, 'accepts'>, value: unknown): string {
  const { expected, choices, isSecret } = check;
  if (isSecret) return `${path} must be ${expected}.`;
  const near = typeof value === 'string' && choices ? nearestName(value, choices) : undefined;
  const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
  return `${path} must be ${expected}, not ${describeValue(value, choices !== undefined)}.${hint}`;
}

/** The error for an argument, or for a part of it. */
export function invalid(
  argument: string,
  path: string,
  check: Omit<Check<unknown>, 'accepts'>,
  value: unknown,
): InvalidArgumentError {
  return new InvalidArgumentError(argument, mustBe(path, check, value));
}

/**
 * Checks one argument of a function.
 *
 * @param path the argument and, if `value` is a part of it, where it stands: `spec.width`
 * @throws InvalidArgumentError that names the argument
 */
export function argument<T>(path: string, check: Check<T>, value: unknown): asserts value is T {
  if (!check.accepts(value)) throw invalid(path, path, check, value);
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return (value as number) >= min && (value as number) <= max;
}
