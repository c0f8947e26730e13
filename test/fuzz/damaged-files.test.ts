/*
 * Property tests: whatever a file or an option holds, it is read or ends in a typed error. The short form runs with all tests; the long
 * one by
 *
 *     FULL=1 npx vitest run test/fuzz
 *
 * Images have theirs in test/adapters/node/zoo.test.ts (ZOO_FLIPS=10000).
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Captioner } from '../../src/index.js';
import { parseManifest } from '../../src/model/manifest/parse-manifest.js';
import { createTokenizer } from '../../src/tokenizers/index.js';
import { damaged, damages, isTyped, LONGEST_MS, runs } from './damage.js';

const root = new URL('../../', import.meta.url);
const read = (name: string): Buffer => readFileSync(new URL(name, root));
const family = (name: string): string => `test/fixtures/families/${name}`;

/** A JSON value in which a value somewhere is another one, or a member is missing or new. */
function altered(json: unknown, path: readonly number[], value: unknown, isRemoval: boolean): unknown {
  const copy = structuredClone(json);
  let node = copy as Record<string, unknown>;
  for (const [depth, turn] of path.entries()) {
    const names = Object.keys(node);
    if (names.length === 0) break;
    const name = names[turn % names.length]!;
    const next = node[name];
    if (depth === path.length - 1 || typeof next !== 'object' || next === null) {
      if (isRemoval && !Array.isArray(node)) Reflect.deleteProperty(node, name);
      else node[name] = value;
      break;
    }
    node = next as Record<string, unknown>;
  }
  return copy;
}

const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(-1, 0, 0.5, 1e9, 2 ** 53, '', '__proto__', '../x', [], {}, null, [[]], 'a'.repeat(5000), [
    null,
  ]),
);
const alterations = fc.tuple(fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }), strange, fc.boolean());

describe('files of a model', () => {
  const manifests = ['models/default', 'models/region-transformer', family('vit-gpt2'), family('clip-prefix')];

  test.each(manifests)(
    'the manifest of %s',
    async (folder) => {
      const text = read(`${folder}/captioneer.json`);
      let accepted = 0;
      await fc.assert(
        fc.asyncProperty(alterations, damages, fc.boolean(), async ([path, value, isRemoval], list, isBytes) => {
          const json = isBytes
            ? damaged(text, list).toString()
            : JSON.stringify(altered(JSON.parse(text.toString()), path, value, isRemoval));
          if (await isTyped(() => parseManifest(json, 'captioneer.json'))) accepted += 1;
        }),
        runs(150),
      );
      expect(accepted).toBeGreaterThan(0);
    },
    LONGEST_MS,
  );

  test.each(['vit-gpt2', 'attention-lstm', 'clip-prefix'])(
    'the tokenizer of %s',
    async (name) => {
      const description = parseManifest(read(`${family(name)}/captioneer.json`).toString(), 'captioneer.json');
      const text = read(`${family(name)}/${description.tokenizer.file}`);
      await fc.assert(
        fc.asyncProperty(alterations, damages, fc.boolean(), async ([path, value, isRemoval], list, isBytes) => {
          const json = isBytes
            ? damaged(text, list).toString()
            : JSON.stringify(altered(JSON.parse(text.toString()), path, value, isRemoval));
          await isTyped(() => {
            const tokenizer = createTokenizer(description, json);
            tokenizer.decode([0, 1, description.vocabularySize - 1]);
          });
        }),
        runs(120),
      );
    },
    LONGEST_MS,
  );
});

test('options of a call', async () => {
  await using captioner = await Captioner.load(fileURLToPath(new URL(family('attention-lstm'), root)), { numThreads: 1 });
  const pixels = { data: new Uint8Array(12).fill(90), width: 2, height: 2, channels: 3 as const };
  const names = fc.constantFrom(
    'numBeams', 'numCaptions', 'maxLength', 'minLength', 'lengthPenalty', 'repetitionPenalty', 'noRepeatNgramSize', 'temperature',
    'topK', 'topP', 'seed', 'strategy', 'bannedWords', 'requiredWords', 'requiredPhrases', 'numBeamGroups', 'diversityPenalty',
    'earlyStopping', 'beamVariant', 'prefix', 'background', 'maxPixels', 'gender', 'attention', 'signal', 'rules', 'detail', 'x',
  ); // prettier-ignore
  const values = fc.oneof(
    strange,
    fc.integer({ min: -2, max: 9 }),
    fc.constantFrom<unknown>(NaN, Infinity, undefined, 'beam', 'sample', 'greedy', true, () => 1, Symbol('s'), 3n, ['a'], [['a', 'b']]),
  );
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(fc.dictionary(names, values, { maxKeys: 3 }), async (options) => {
      if (await isTyped(() => captioner.caption(pixels, options))) accepted += 1;
    }),
    runs(150),
  );
  expect(accepted).toBeGreaterThan(0);
}, LONGEST_MS); // prettier-ignore
