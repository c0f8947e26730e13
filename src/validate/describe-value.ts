/** Longest text that a message quotes whole, in characters. */
const LONGEST_QUOTE = 60;

/**
 * What a value is, for a message that says what was expected instead.
 *
 * @param isTextExpected whether a text was asked for; otherwise it is said that a quoted one is a string, since `"3"` looks like 3
 */
export function describeValue(value: unknown, isTextExpected = false): string {
  switch (typeof value) {
    case 'string':
      return `${quote(value)}${isTextExpected ? '' : ' (a string)'}`;
    case 'bigint':
      return `${value}n (a bigint)`;
    case 'function':
      return 'a function';
    case 'object':
      return describeObject(value);
    default:
      return String(value);
  }
}

/** What the language calls a value's kind, such as `Uint8Array`, whichever realm it comes from. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE - 3)}…` : text);
}

function describeObject(value: object | null): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  const tag = tagOf(value);
  if (tag === 'Object') return 'an object';
  return `${/^[AEIO]/.test(tag) ? 'an' : 'a'} ${tag}`;
}
