import { UsageError } from './usage-error.js';

/** Turns the text after an option into its value; throws UsageError. */
export type ParseValue = (text: string) => number;

/** Reads whole numbers from `min` to `max`. */
export function wholeNumber(flag: string, min: number, max = Number.MAX_SAFE_INTEGER): ParseValue {
  return (text) => {
    const value = decimal(text);
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new UsageError(`${flag}: must be a whole number ${range}, not "${text}"`);
  };
}

/** Reads numbers, with a fraction or without; if `isPositive`, above 0. */
export function realNumber(flag: string, isPositive = false): ParseValue {
  return (text) => {
    const value = decimal(text);
    if (Number.isFinite(value) && (value > 0 || !isPositive)) return value;
    throw new UsageError(`${flag}: must be a number${isPositive ? ' above 0' : ''}, not "${text}"`);
  };
}

/** Narrower than `Number`, which takes an empty text for 0 and reads `0x10`. */
function decimal(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
