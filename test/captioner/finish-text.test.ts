import { expect, test } from 'vitest';
import type { Manifest } from '../../src/core/index.js';
import { finishText } from '../../src/captioner/caption-writer.js';

const finish = (decoded: string, rules: Manifest['text']) => finishText(decoded, rules, true);

test('sentence case and full stop, where the manifest asks for them', () => {
  const both = { sentenceCase: true, fullStop: true };
  expect(finish('a dog runs', both)).toBe('A dog runs.');
  expect(finish('a dog runs.', both)).toBe('A dog runs.');
  expect(finish('', both)).toBe('');
  expect(finish('a dog', { sentenceCase: false, fullStop: true })).toBe('a dog.');
  expect(finish('a dog', undefined)).toBe('a dog');
});

test('the spaces around a text of byte pairs go', () => {
  expect(finish(' a dog ', undefined)).toBe('a dog');
  expect(finish(' a dog', { sentenceCase: true, fullStop: true })).toBe('A dog.');
  expect(finish(' ', { sentenceCase: true, fullStop: true })).toBe('');
});

test('what was cut gets no full stop', () => {
  const both = { sentenceCase: true, fullStop: true };
  expect(finishText('a dog runs on', both, false)).toBe('A dog runs on');
  expect(finishText('a dog runs.', both, false)).toBe('A dog runs.');
});
