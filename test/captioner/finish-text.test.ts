import { expect, test } from 'vitest';
import { finishText } from '../../src/finish-text.js';

test('sentence case and full stop, where the manifest asks for them', () => {
  const both = { sentenceCase: true, fullStop: true };
  expect(finishText('a dog runs', both)).toBe('A dog runs.');
  expect(finishText('a dog runs.', both)).toBe('A dog runs.');
  expect(finishText('', both)).toBe('');
  expect(finishText('a dog', { sentenceCase: false, fullStop: true })).toBe('a dog.');
  expect(finishText('a dog', undefined)).toBe('a dog');
});

test('the spaces around a text of byte pairs go', () => {
  expect(finishText(' a dog ', undefined)).toBe('a dog');
  expect(finishText(' a dog', { sentenceCase: true, fullStop: true })).toBe('A dog.');
  expect(finishText(' ', { sentenceCase: true, fullStop: true })).toBe('');
});
