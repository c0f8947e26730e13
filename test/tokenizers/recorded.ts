import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Tokenizer } from '../../src/core/index.js';
import { tokenizerContract } from '../../src/testing/index.js';

/** What fixtures/record_tokenizers.py recorded of the Python package `tokenizers`. */
interface Recording {
  readonly encoded: readonly { readonly text: string; readonly ids: readonly number[]; readonly decoded?: string }[];
  readonly decoded: readonly { readonly ids: readonly number[]; readonly text: string }[];
}

/** The text of a fixture, `fixtures/<name>.json`. */
export function read(name: string): string {
  return readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8');
}

/** Tests that a tokenizer gives what was recorded under its name, and keeps the contract of tokenizers. */
export function testAsRecorded(
  name: string,
  tokenizer: Tokenizer,
  { texts, specialTokenIds }: { readonly texts: readonly string[]; readonly specialTokenIds: readonly number[] },
): void {
  const { encoded, decoded } = JSON.parse(read(`${name}.recording`)) as Recording;

  test('the ids of each text are those of tokenizers', () => {
    for (const { text, ids } of encoded) expect({ text, ids: tokenizer.encode(text) }).toEqual({ text, ids });
  });

  test('the text of any ids is that of tokenizers', () => {
    for (const { text, ids, decoded: back = text } of encoded) expect(tokenizer.decode(ids)).toBe(back);
    for (const { text, ids } of decoded) expect(tokenizer.decode(ids)).toBe(text);
  });

  for (const { name: title, run, skip } of tokenizerContract({
    name,
    create: () => tokenizer,
    texts,
    specialTokenIds,
  })) {
    test.skipIf(skip !== undefined)(title, run);
  }
}
