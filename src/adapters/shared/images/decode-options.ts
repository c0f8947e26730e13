import { InvalidArgumentError, type DecodeImageOptions } from '../../../core/index.js';
import type { Rgb } from './pixels.js';

/** The options of reading an image, checked and complete. */
export interface ResolvedDecodeOptions {
  readonly maxPixels: number;
  /** Undefined: white, or black if white leaves nothing to see. */
  readonly background: Rgb | undefined;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * 2^26: the 61 million pixels of the largest full-frame cameras and the 64 million of common phones. Decoded they take 200 MB, 270 MB
 * with alpha; the 108 and 200 million of some phones' special modes would take up to 800 MB for one image, so they are asked for.
 */
const MAX_PIXELS = 2 ** 26;
const TIMEOUT_MS = 30_000;

/**
 * Checks the options and fills in the defaults that {@link DecodeImageOptions} states.
 *
 * @throws InvalidArgumentError which names the option
 */
export function resolveDecodeOptions(options: DecodeImageOptions = {}): ResolvedDecodeOptions {
  const { maxPixels = MAX_PIXELS, background, timeoutMs = TIMEOUT_MS, fetch, signal } = options;
  checkPositive('maxPixels', maxPixels);
  checkPositive('timeoutMs', timeoutMs);
  if (fetch !== undefined && typeof fetch !== 'function') {
    throw new InvalidArgumentError('fetch', 'fetch must be a function like the global fetch.');
  }
  if (signal !== undefined && typeof signal.throwIfAborted !== 'function') {
    throw new InvalidArgumentError('signal', 'signal must be an AbortSignal.');
  }
  const channels: readonly unknown[] = Array.isArray(background) ? background : [];
  if (background !== undefined && (channels.length !== 3 || !channels.every(isByte))) {
    throw new InvalidArgumentError('background', 'background must be [red, green, blue], whole numbers from 0 to 255.');
  }
  return { maxPixels, background, timeoutMs, fetch, signal };
}

/** @throws InvalidArgumentError where the value is not a number above 0; infinity is allowed */
export function checkPositive(name: string, value: unknown): void {
  if (typeof value !== 'number' || !(value > 0)) {
    throw new InvalidArgumentError(name, `${name} must be a number above 0, not ${String(value)}.`);
  }
}

function isByte(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
}
