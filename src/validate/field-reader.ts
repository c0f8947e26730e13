import { ManifestError } from '../core/index.js';
import * as checks from './checks.js';
import { describeValue } from './describe-value.js';

/** Reads one value of a JSON file and says, if it is wrong, which file and field it is and what was expected. */
export class FieldReader {
  constructor(
    private readonly file: string,
    private readonly value: unknown,
    private readonly path = '',
  ) {}

  /** The error for this field. */
  error(expected: string): ManifestError {
    const found = this.value === undefined ? 'nothing' : describeValue(this.value, expected.startsWith("'"));
    return new ManifestError(this.file, this.path, expected, found);
  }

  /** Whether the field is there at all. */
  get isPresent(): boolean {
    return this.value !== undefined;
  }

  /** Whether the field is there, and not null. */
  get isGiven(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** The file and the field, for messages about what is not wrong. */
  get where(): string {
    return `${this.file}: field "${this.path}"`;
  }

  /** The length of a list; undefined for anything else. */
  get length(): number | undefined {
    return Array.isArray(this.value) ? this.value.length : undefined;
  }

  get isList(): boolean {
    return Array.isArray(this.value);
  }

  get isObject(): boolean {
    return checks.plainObject.accepts(this.value);
  }

  /** Whether the field has exactly this value. */
  is(value: unknown): boolean {
    return this.value === value;
  }

  /** Reads the value by any check. */
  read<T>(check: checks.Check<T>): T {
    if (check.accepts(this.value)) return this.value;
    throw this.error(check.expected);
  }

  /** What `read` makes of the field, under its own name, for a spread into an object; nothing if the field is missing. */
  optional<Name extends string, T>(name: Name, read: (field: FieldReader) => T): Readonly<Partial<Record<Name, T>>> {
    const field = this.field(name);
    return (field.isPresent ? { [name]: read(field) } : {}) as Partial<Record<Name, T>>;
  }

  /** The field `name` of this object. */
  field(name: string): FieldReader {
    const path = this.path === '' ? name : `${this.path}.${name}`;
    const fields = this.object();
    // An inherited one, such as `constructor`, is not in the file.
    return new FieldReader(this.file, Object.hasOwn(fields, name) ? fields[name] : undefined, path);
  }

  object(): Readonly<Record<string, unknown>> {
    return this.read(checks.plainObject);
  }

  /** Reads every value of this object by `read`. */
  record<T>(read: (field: FieldReader) => T): Record<string, T> {
    return Object.fromEntries(Object.keys(this.object()).map((name) => [name, read(this.field(name))]));
  }

  /** Reads every item of this list by `read`. */
  list<T>(read: (item: FieldReader) => T, length?: number): T[] {
    const expected = length === undefined ? 'a list' : `a list of ${length}`;
    if (!Array.isArray(this.value) || (length !== undefined && this.value.length !== length))
      throw this.error(expected);
    return this.value.map((item, index) => read(new FieldReader(this.file, item, `${this.path}[${index}]`)));
  }

  /** A text of at least one character. */
  string(): string {
    return this.read(checks.someText);
  }

  oneOf<T extends string | boolean>(choices: readonly T[]): T {
    return this.read(checks.oneOf(choices));
  }

  boolean(): boolean {
    return this.read(checks.boolean);
  }

  /** A finite number. */
  number(): number {
    return this.read(checks.finite);
  }

  /** A finite number above 0, `max` at most. */
  positive(max?: number): number {
    return this.read(checks.positive(max));
  }

  /** A number from `min` to `max`. */
  numberFrom(min: number, max: number): number {
    return this.read(checks.numberFrom(min, max));
  }

  /** A number from 0 to 1. */
  share(): number {
    return this.read(checks.share);
  }

  integer(min: number, max?: number): number {
    return this.read(checks.integer(min, max));
  }
}

/**
 * Reads a JSON file whose fields are to be checked one by one.
 *
 * @param json the file's text
 * @param file its path or URL, for messages
 * @throws ManifestError if the text is not JSON
 */
export function parseJson(json: string, file: string): FieldReader {
  try {
    return new FieldReader(file, JSON.parse(json));
  } catch (cause) {
    throw new ManifestError(file, '', 'JSON', `text that is not (${(cause as Error).message})`, { cause });
  }
}
