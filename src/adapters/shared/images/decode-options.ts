import type { DecodeImageOptions } from '../../../core/index.js';
import { DECODE_OPTIONS, OptionReader, readDecodeOptions } from '../../../validate/index.js';
import type { Rgb } from './pixels.js';

/** The options of reading an image, checked and complete. */
export interface ResolvedDecodeOptions {
  readonly maxPixels: number;
  /** Least pixels of the shorter side of an image that is shrunk while it is decoded; undefined: none is. */
  readonly shrinkToSide: number | undefined;
  /** Undefined: white, or black if white leaves nothing to see. */
  readonly background: Rgb | undefined;
  readonly timeoutMs: number;
  /** Undefined: the global `fetch`. */
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
 * @param fetching the platform's own `fetch`, used if the options have none
 * @throws InvalidArgumentError which names the option
 */
export function resolveDecodeOptions(options?: DecodeImageOptions, fetching?: typeof fetch): ResolvedDecodeOptions {
  const given = readDecodeOptions(new OptionReader(options, DECODE_OPTIONS, { of: 'decodeImage()' }));
  const { maxPixels = MAX_PIXELS, shrinkToSide, background, timeoutMs = TIMEOUT_MS, signal } = given;
  return { maxPixels, shrinkToSide, background, timeoutMs, fetch: given.fetch ?? fetching, signal };
}
