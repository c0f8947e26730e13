import { expect, test } from 'vitest';
import {
  CaptioneerError,
  DisposedError,
  FetchError,
  ImageTooLargeError,
  InvalidArgumentError,
} from '../../src/core/index.js';

test('an error of another copy of the package is recognised', () => {
  const foreign = Object.assign(new Error('x'), { [Symbol.for('captioneer.error')]: true });
  expect(CaptioneerError.isInstance(foreign)).toBe(true);
  expect(CaptioneerError.isInstance(new DisposedError('The captioner'))).toBe(true);
  expect(CaptioneerError.isInstance(new Error('x'))).toBe(false);
  expect(CaptioneerError.isInstance(null)).toBe(false);
});

test('names and codes are literal, fields are typed', () => {
  const error = new InvalidArgumentError('numBeams', 'numBeams must be …');
  expect([error.name, error.code, error.argument]).toEqual(['InvalidArgumentError', 'INVALID_ARGUMENT', 'numBeams']);
  expect(new FetchError('http://x', 'no', { status: 404 }).status).toBe(404);
  expect(new ImageTooLargeError('a.png', 30_000, 30_000, 1e8).pixels).toBe(9e8);
});
