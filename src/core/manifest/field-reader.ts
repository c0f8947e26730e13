import { ManifestError } from '../errors/index.js';

/** Reads one value of a manifest and says, where it is wrong, which file and field it is and what was expected. */
export class FieldReader {
  constructor(
    private readonly file: string,
    private readonly value: unknown,
    private readonly path = '',
  ) {}

  /** The error for this field. */
  error(expected: string): ManifestError {
    return new ManifestError(this.file, this.path, expected, describe(this.value));
  }

  /** Whether the field is there at all. */
  get isPresent(): boolean {
    return this.value !== undefined;
  }

  /** Whether the field is there, and not null. */
  get isGiven(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  get isList(): boolean {
    return Array.isArray(this.value);
  }

  get isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !this.isList;
  }

  /** Whether the field has exactly this value. */
  is(value: unknown): boolean {
    return this.value === value;
  }

  /** The field `name` of this object. */
  field(name: string): FieldReader {
    const path = this.path === '' ? name : `${this.path}.${name}`;
    return new FieldReader(this.file, this.object()[name], path);
  }

  object(): Record<string, unknown> {
    if (!this.isObject) throw this.error('an object');
    return this.value as Record<string, unknown>;
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

  string(): string {
    if (typeof this.value !== 'string' || this.value === '') throw this.error('a non-empty string');
    return this.value;
  }

  oneOf<T extends string>(choices: readonly T[]): T {
    const found = choices.find((choice) => choice === this.value);
    if (found === undefined) throw this.error(`one of ${choices.map((choice) => `"${choice}"`).join(', ')}`);
    return found;
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') throw this.error('true or false');
    return this.value;
  }

  number(): number {
    if (typeof this.value !== 'number' || !Number.isFinite(this.value)) throw this.error('a number');
    return this.value;
  }

  integer(minimum: number, maximum = Number.MAX_SAFE_INTEGER): number {
    if (!Number.isInteger(this.value) || (this.value as number) < minimum || (this.value as number) > maximum) {
      throw this.error(
        `a whole number ${maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`}`,
      );
    }
    return this.value as number;
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
