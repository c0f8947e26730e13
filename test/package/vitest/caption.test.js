import { readFileSync } from 'node:fs';
import { Captioner } from 'captioneer';
import { afterAll, beforeAll, expect, test } from 'vitest';

let captioner;
beforeAll(async () => {
  captioner = await Captioner.load();
}, 60_000);
afterAll(() => captioner.dispose());

test.each([
  ['a path', () => 'cat.jpg'],
  ['bytes', () => readFileSync('cat.jpg')],
])('captions %s', { timeout: 60_000 }, async (_, image) => {
  expect((await captioner.caption(image())).text).toBe(readFileSync('expected.txt', 'utf8'));
});
