import { InvalidArgumentError } from '../core/index.js';
import * as checks from './checks.js';
import { didYouMean } from './nearest-name.js';

/** What options belong to, for messages. */
export interface OptionsOwner {
  /** The function that takes them, such as `caption()`. */
  readonly of?: string;
  /** What stands before their names, such as `hub`; the argument itself is called `options` if nothing does. */
  readonly path?: string;
  /** Where options that do not belong here do belong: a function, by their name. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** More names than this are not listed in a message. */
const MOST_NAMES_LISTED = 12;

/** Reads options as they come from a caller whom no compiler checked. What is `undefined` counts as left out. */
export class OptionReader<Name extends string> {
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #path: string;

  /**
   * @param options undefined counts as none given
   * @param names all options that there are
   * @throws InvalidArgumentError if `options` is not an object, or has another property
   */
  constructor(options: unknown, names: readonly Name[], owner: OptionsOwner = {}) {
    this.#path = owner.path ?? '';
    const given = options === undefined ? {} : options;
    if (!checks.plainObject.accepts(given)) {
      const argument = owner.path ?? 'options';
      const name = owner.of === undefined ? argument : `The ${argument} of ${owner.of}`;
      throw checks.invalid(argument, name, checks.plainObject, given);
    }
    const unknown = Object.keys(given).find((key) => !(names as readonly string[]).includes(key));
    if (unknown !== undefined) throw unknownOption(unknown, names, owner);
    this.#options = given;
  }

  isGiven(name: Name): boolean {
    return this.#options[name] !== undefined;
  }

  /** The value as it is. */
  raw(name: Name): unknown {
    return this.#options[name];
  }

  /** Reads an option by any check. */
  read<T>(name: Name, check: checks.Check<T>): T | undefined {
    const value = this.#options[name];
    if (value === undefined || check.accepts(value)) return value;
    throw checks.invalid(this.#pathOf(name), this.#pathOf(name), check, value);
  }

  /** An option that holds options. What is left out holds none. */
  nested<Inner extends string>(name: Name, names: readonly Inner[]): OptionReader<Inner> {
    return new OptionReader(this.#options[name], names, { path: this.#pathOf(name) });
  }

  /** @param maxName the option that sets the upper bound, for the message */
  integer(name: Name, min: number, max?: number, maxName?: Name): number | undefined {
    return this.read(name, checks.integer(min, max, maxName));
  }

  finite(name: Name): number | undefined {
    return this.read(name, checks.finite);
  }

  /** A finite number above 0, `max` at most. */
  positive(name: Name, max?: number): number | undefined {
    return this.read(name, checks.positive(max));
  }

  /** A number above 0; infinity is one. */
  limit(name: Name): number | undefined {
    return this.read(name, checks.limit);
  }

  /** A number from 0 to 1. */
  share(name: Name): number | undefined {
    return this.read(name, checks.share);
  }

  boolean(name: Name): boolean | undefined {
    return this.read(name, checks.boolean);
  }

  string(name: Name): string | undefined {
    return this.read(name, checks.text);
  }

  oneOf<T extends string | boolean>(name: Name, choices: readonly T[]): T | undefined {
    return this.read(name, checks.oneOf(choices));
  }

  /** @typeParam T the function's type, of which only that it is a function is checked */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- spares each caller a cast
  function<T>(name: Name): T | undefined {
    return this.read(name, checks.callable) as T | undefined;
  }

  signal(name: Name): AbortSignal | undefined {
    return this.read(name, checks.abortSignal);
  }

  tokenIds(name: Name, vocabularySize: number): readonly number[] | undefined {
    return this.list(name, 'token ids', (value, path) => readTokenId(this.#pathOf(name), path, value, vocabularySize));
  }

  /** Runs of tokens, none of them empty. */
  phrases(name: Name, vocabularySize: number): readonly (readonly number[])[] | undefined {
    const argument = this.#pathOf(name);
    return this.list(name, 'lists of token ids', (value, path) => readPhrase(argument, path, value, vocabularySize));
  }

  /** Lists of alternative runs of tokens, none of them empty. */
  alternatives(name: Name, vocabularySize: number): readonly (readonly (readonly number[])[])[] | undefined {
    const argument = this.#pathOf(name);
    const readItem = (item: unknown, at: string): readonly number[] => readPhrase(argument, at, item, vocabularySize);
    return this.list(name, 'lists of lists of token ids', (value, path) =>
      readList(argument, path, value, 'lists of token ids', readItem, 1),
    );
  }

  /** Finite numbers by token id. */
  numbersByTokenId(name: Name, vocabularySize: number): ReadonlyMap<number, number> | undefined {
    const value = this.#options[name];
    if (value === undefined) return undefined;
    const argument = this.#pathOf(name);
    if (!checks.plainObject.accepts(value)) throw wrong(argument, argument, 'an object with token ids as keys', value);
    return new Map(
      Object.entries(value).map(([key, number]) => {
        const tokenId = readTokenId(argument, `a key of ${argument}`, Number(key), vocabularySize);
        if (!Number.isFinite(number)) throw wrong(argument, `${argument}[${key}]`, 'a finite number', number);
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
      throw wrong(this.#pathOf(name), path, `an object with a string "name" and a function "${method}"`, value);
    });
  }

  list<T>(
    name: Name,
    what: string,
    read: (value: unknown, path: string) => T,
    minLength?: number,
  ): readonly T[] | undefined {
    const value = this.#options[name];
    return value === undefined
      ? undefined
      : readList(this.#pathOf(name), this.#pathOf(name), value, what, read, minLength);
  }

  #pathOf(name: Name): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
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

function unknownOption(name: string, names: readonly string[], owner: OptionsOwner): InvalidArgumentError {
  const path = owner.path === undefined ? name : `${owner.path}.${name}`;
  const home = owner.elsewhere?.[name];
  const of = owner.of === undefined ? '' : ` of ${owner.of}`;
  const near = didYouMean(name, names);
  const hint = home !== undefined ? ` It is an option of ${home}.` : near;
  const all = hint === '' && names.length <= MOST_NAMES_LISTED ? ` The options are ${names.join(', ')}.` : '';
  return new InvalidArgumentError(path, `Unknown option "${path}"${of}.${hint}${all}`);
}

function readTokenId(argument: string, path: string, value: unknown, vocabularySize: number): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < vocabularySize) return value as number;
  throw wrong(argument, path, `a token id from 0 to ${vocabularySize - 1}`, value);
}

function readPhrase(argument: string, path: string, value: unknown, vocabularySize: number): readonly number[] {
  return readList(argument, path, value, 'token ids', (item, at) => readTokenId(argument, at, item, vocabularySize), 1);
}

function readList<T>(
  argument: string,
  path: string,
  value: unknown,
  what: string,
  read: (item: unknown, path: string) => T,
  minLength = 0,
): readonly T[] {
  const items: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined;
  if (items === undefined || items.length < minLength) {
    throw wrong(argument, path, `an array of ${what}${minLength > 0 ? ', not empty' : ''}`, value);
  }
  return items.map((item, index) => read(item, `${path}[${index}]`));
}

function wrong(argument: string, path: string, expected: string, value: unknown): InvalidArgumentError {
  return checks.invalid(argument, path, { expected }, value);
}
