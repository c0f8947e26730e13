import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../src/core/index.js';
import { checks, OptionReader } from '../../src/validate/index.js';

const NAMES = ['numBeams', 'numCaptions', 'strategy', 'topP', 'signal', 'fetch', 'hub', 'prefix'] as const;

function messageOf(read: () => unknown): { readonly argument: string; readonly message: string } {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidArgumentError) return { argument: error.argument, message: error.message };
    throw error;
  }
  throw new Error('Nothing was wrong.');
}

function reader(options: unknown): OptionReader<(typeof NAMES)[number]> {
  return new OptionReader(options, NAMES, { of: 'caption()', elsewhere: { dtype: 'load()' } });
}

test('what is left out, or undefined, is not given', () => {
  const given = reader({ numBeams: undefined });
  expect(given.isGiven('numBeams')).toBe(false);
  expect(given.integer('numBeams', 1, 64)).toBeUndefined();
  expect(reader(undefined).isGiven('hub')).toBe(false);
});

describe('one wording for a value that is wrong', () => {
  test.each<[object, (given: ReturnType<typeof reader>) => unknown, string]>([
    [
      { numBeams: '3' },
      (o) => o.integer('numBeams', 1, 64),
      'numBeams must be an integer from 1 to 64, not "3" (a string).',
    ],
    [{ numBeams: 1.5 }, (o) => o.integer('numBeams', 1), 'numBeams must be an integer of at least 1, not 1.5.'],
    [
      { numBeams: 3n },
      (o) => o.integer('numBeams', 1),
      'numBeams must be an integer of at least 1, not 3n (a bigint).',
    ],
    [{ topP: NaN }, (o) => o.share('topP'), 'topP must be a number from 0 to 1, not NaN.'],
    [{ topP: null }, (o) => o.positive('topP', 1), 'topP must be a number above 0 and at most 1, not null.'],
    [{ prefix: new Date(0) }, (o) => o.string('prefix'), 'prefix must be a string, not a Date.'],
    [{ fetch: 3 }, (o) => o.function('fetch'), 'fetch must be a function, not 3.'],
    [
      { signal: new AbortController() },
      (o) => o.signal('signal'),
      'signal must be an AbortSignal, not an AbortController.',
    ],
    [
      { strategy: 'sampel' },
      (o) => o.oneOf('strategy', ['beam', 'sample']),
      `strategy must be 'beam' or 'sample', not "sampel". Did you mean 'sample'?`,
    ],
    [{ hub: [] }, (o) => o.nested('hub', ['url']), 'hub must be an object, not an empty array.'],
    [{ hub: { token: 3 } }, (o) => o.nested('hub', ['token']).string('token'), 'hub.token must be a string, not 3.'],
    [
      { hub: { tokem: 'x' } },
      (o) => o.nested('hub', ['token', 'url']),
      'Unknown option "hub.tokem". Did you mean token?',
    ],
    [
      { prefix: 'x'.repeat(900_000) },
      (o) => o.integer('prefix', 1),
      `prefix must be an integer of at least 1, not "${'x'.repeat(57)}…" (a string).`,
    ],
  ])('%o', (options, read, message) => {
    expect(messageOf(() => read(reader(options))).message).toBe(message);
  });
});

test('an option that is in another object is named by its whole path', () => {
  expect(
    messageOf(() =>
      reader({ hub: { url: 1 } })
        .nested('hub', ['url'])
        .string('url'),
    ).argument,
  ).toBe('hub.url');
});

test.each([null, 42, 'text', [], true, () => undefined, new AbortController().signal, new Map(), new URL('http://a')])(
  'options that are %o are refused, also if nothing would be read of them',
  (options) => {
    const { argument, message } = messageOf(() => reader(options));
    expect(argument).toBe('options');
    expect(message).toMatch(/^The options of caption\(\) must be an object, not /);
  },
);

test('options from another realm, without a prototype, or of a class are objects too', async () => {
  const { runInNewContext } = await import('node:vm');
  class Settings {
    numBeams = 3;
  }
  const bare = Object.assign(Object.create(null) as object, { numBeams: 3 });
  for (const options of [runInNewContext('({ numBeams: 3 })'), new Settings(), bare]) {
    expect(reader(options).integer('numBeams', 1, 64)).toBe(3);
  }
});

test.each([
  ['numBeans', 'Unknown option "numBeans" of caption(). Did you mean numBeams?'],
  ['num_beams', 'Unknown option "num_beams" of caption(). Did you mean numBeams?'],
  ['NUMCAPTIONS', 'Unknown option "NUMCAPTIONS" of caption(). Did you mean numCaptions?'],
  ['dtype', 'Unknown option "dtype" of caption(). It is an option of load().'],
  ['colour', `Unknown option "colour" of caption(). The options are ${NAMES.join(', ')}.`],
])('an unknown option %s', (name, message) => {
  expect(messageOf(() => reader({ [name]: 1 }))).toEqual({ argument: name, message });
});

test('a secret is not repeated', () => {
  const check = { ...checks.text, isSecret: true, accepts: (_: unknown): _ is string => false };
  expect(messageOf(() => reader({ prefix: 'hush' }).read('prefix', check)).message).toBe('prefix must be a string.');
});
