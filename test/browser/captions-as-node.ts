import { expect } from 'vitest';
import { Captioner } from '../../src/index.js';
import type { TestPage } from './page-helpers.js';
import { FOLDERS } from './site.js';

declare const captioneer: TestPage['captioneer'];

const IMAGES = ['cat.jpg', 'coffee.jpg', 'raccoon.jpg'];

interface Found {
  readonly text: string;
  readonly score: number;
}

/** Runs a function in a page, whatever drives the browser. */
type Evaluate = (run: (names: string[]) => Promise<Found[]>, names: string[]) => Promise<Found[]>;

/** Checks that the default model says in a page what it says in Node. */
export async function expectCaptionsOfNode(evaluate: Evaluate): Promise<void> {
  const found = await evaluate(async (names) => {
    const captioner = await captioneer.Captioner.load('/models/default/', {
      runtime: { wasmUrl: '/runtime/ort-wasm-simd-threaded.wasm' },
    });
    const results = [];
    for (const name of names) results.push(await captioner.caption(`/images/${name}`));
    await captioner.dispose();
    return results.map(({ text, score }) => ({ text, score }));
  }, IMAGES);
  await using captioner = await Captioner.load();
  for (const [index, name] of IMAGES.entries()) {
    const expected = await captioner.caption(`${FOLDERS['/images/']}/${name}`);
    expect(found[index]!.text).toBe(expected.text);
    expect(found[index]!.score).toBeCloseTo(expected.score, 2);
  }
}
