import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Captioner } from '../../src/index.js';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

interface Recorded {
  readonly model: string;
  readonly image: string;
  readonly generation: object;
  readonly text: string;
  readonly ids: readonly number[];
}

const recorded = readFileSync(path('training/tests/fixtures/library-captions.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

// training/tests/test_onnx_captions.py compares captions made in Python with the same lines.
test('captions that Python is compared with are those of the library (else: node bench/cluster.mjs --record)', async () => {
  expect(recorded.length).toBe(24);
  for (const model of new Set(recorded.map((each) => each.model))) {
    await using captioner = await Captioner.load(path(model), { numThreads: 1 });
    for (const { image, generation, text, ids } of recorded.filter((each) => each.model === model)) {
      const found = await captioner.caption(path(image), generation);
      expect([found.text, found.tokens.map(({ id }) => id)]).toEqual([text, ids]);
    }
  }
});
