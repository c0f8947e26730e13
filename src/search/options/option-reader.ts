import { InvalidArgumentError } from '../../core/index.js';

/** Reads options as they come from a caller whom no compiler checked. What is `undefined` counts as left out. */
export class OptionReader<Name extends string> {
  readonly #options: Readonly<Record<string, unknown>>;

  /**
   * @param names all options that there are
   * @throws InvalidArgumentError where `options` is no object, or has another property
   */
  constructor(options: unknown, names: readonly Name[]) {
    if (typeof options !== 'object' || options === null) {
      throw new InvalidArgumentError('options', `Search options must be an object, not ${describe(options)}.`);
    }
    const unknown = Object.keys(options).find((key) => !(names as readonly string[]).includes(key));
    if (unknown !== undefined) {
      const known = names.join(', ');
      throw new InvalidArgumentError(unknown, `There is no search option "${unknown}". There are: ${known}.`);
    }
    this.#options = options as Readonly<Record<string, unknown>>;
  }

  isGiven(name: Name): boolean {
    return this.#options[name] !== undefined;
  }

  /** @param maxName the option that sets the upper bound, for the message */
  integer(name: Name, min: number, max = Infinity, maxName?: Name): number | undefined {
    const upper = maxName === undefined ? `${max}` : `${maxName} (${max})`;
    const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${upper}`;
    return this.#read(
      name,
      `an integer ${range}`,
      (value): value is number => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
    );
  }

  finite(name: Name): number | undefined {
    return this.#read(name, 'a finite number', (value): value is number => Number.isFinite(value));
  }

  /** A finite number above 0, `max` at most. */
  positive(name: Name, max = Infinity): number | undefined {
    const range = max === Infinity ? 'a finite number above 0' : `a number above 0, ${max} at most`;
    return this.#read(
      name,
      range,
      (value): value is number => Number.isFinite(value) && (value as number) > 0 && (value as number) <= max,
    );
  }

  /** A number from 0 to 1. */
  share(name: Name): number | undefined {
    return this.#read(
      name,
      'a number from 0 to 1',
      (value): value is number => Number.isFinite(value) && (value as number) >= 0 && (value as number) <= 1,
    );
  }

  oneOf<T extends string | boolean>(name: Name, choices: readonly T[]): T | undefined {
    const shown = choices.map((choice) => (typeof choice === 'string' ? `'${choice}'` : `${choice}`)).join(', ');
    return this.#read(name, `one of ${shown}`, (value): value is T => choices.includes(value as T));
  }

  tokenIds(name: Name, vocabularySize: number): readonly number[] | undefined {
    return this.list(name, 'token ids', (value, path) => readTokenId(name, path, value, vocabularySize));
  }

  /** Runs of tokens, none of them empty. */
  phrases(name: Name, vocabularySize: number): readonly (readonly number[])[] | undefined {
    return this.list(name, 'lists of token ids', (value, path) => readPhrase(name, path, value, vocabularySize));
  }

  /** Lists of alternative runs of tokens, none of them empty. */
  alternatives(name: Name, vocabularySize: number): readonly (readonly (readonly number[])[])[] | undefined {
    return this.list(name, 'lists of lists of token ids', (value, path) =>
      readList(name, path, value, 'lists of token ids', (item, at) => readPhrase(name, at, item, vocabularySize), 1),
    );
  }

  /** Finite numbers by token id. */
  numbersByTokenId(name: Name, vocabularySize: number): ReadonlyMap<number, number> | undefined {
    const value = this.#options[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw wrong(name, name, 'an object with token ids as keys', value);
    }
    return new Map(
      Object.entries(value as Record<string, unknown>).map(([key, number]) => {
        const tokenId = readTokenId(name, `a key of ${name}`, Number(key), vocabularySize);
        if (!Number.isFinite(number)) throw wrong(name, `${name}[${key}]`, 'a finite number', number);
        return [tokenId, number as number];
      }),
    );
  }

  /**
   * Objects with a `name` and a function.
   * @param method the function's name
   */
  rules<Method extends string>(name: Name, method: Method): readonly NamedRule<Method>[] | undefined {
    return this.list(name, 'rules', (value, path) => {
      if (isNamedRule(value, method)) return value;
      throw wrong(name, path, `an object with a string "name" and a function "${method}"`, value);
    });
  }

  signal(name: Name): AbortSignal | undefined {
    // Not instanceof: the signal may come from another realm.
    return this.#read(
      name,
      'an AbortSignal',
      (value): value is AbortSignal => typeof (value as Partial<AbortSignal> | null)?.throwIfAborted === 'function',
    );
  }

  list<T>(name: Name, what: string, read: (value: unknown, path: string) => T): readonly T[] | undefined {
    const value = this.#options[name];
    return value === undefined ? undefined : readList(name, name, value, what, read);
  }

  #read<T>(name: Name, expected: string, isRight: (value: unknown) => value is T): T | undefined {
    const value = this.#options[name];
    if (value === undefined || isRight(value)) return value;
    throw wrong(name, name, expected, value);
  }
}

type NamedRule<Method extends string> = { readonly name: string } & Readonly<
  Record<Method, (...args: never[]) => unknown>
>;

function isNamedRule<Method extends string>(value: unknown, method: Method): value is NamedRule<Method> {
  if (typeof value !== 'object' || value === null) return false;
  const rule = value as Readonly<Record<string, unknown>>;
  return typeof rule.name === 'string' && typeof rule[method] === 'function';
}

function readTokenId(name: string, path: string, value: unknown, vocabularySize: number): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < vocabularySize) return value as number;
  throw wrong(name, path, `a token id from 0 to ${vocabularySize - 1}`, value);
}

function readPhrase(name: string, path: string, value: unknown, vocabularySize: number): readonly number[] {
  return readList(name, path, value, 'token ids', (item, at) => readTokenId(name, at, item, vocabularySize), 1);
}

function readList<T>(
  name: string,
  path: string,
  value: unknown,
  what: string,
  read: (item: unknown, path: string) => T,
  minLength = 0,
): readonly T[] {
  const items: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined;
  if (items === undefined || items.length < minLength) {
    throw wrong(name, path, `an array of ${what}${minLength > 0 ? ', not empty' : ''}`, value);
  }
  return items.map((item, index) => read(item, `${path}[${index}]`));
}

function wrong(name: string, path: string, expected: string, value: unknown): InvalidArgumentError {
  return new InvalidArgumentError(name, `${path} must be ${expected}, not ${describe(value)}.`);
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function') return 'a function';
  return String(value);
}
