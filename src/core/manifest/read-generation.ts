import type { FieldReader } from './field-reader.js';

/** Reads when a beam search ends. */
export function readEarlyStopping(field: FieldReader): boolean | 'never' {
  return field.is('never') ? 'never' : field.boolean();
}

/** Reads a factor above 0. */
export function readPenalty(field: FieldReader): number {
  const value = field.number();
  if (value <= 0) throw field.error('a number above 0');
  return value;
}
