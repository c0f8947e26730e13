import type { DecodeImageOptions } from '../core/index.js';
import * as checks from './checks.js';
import type { OptionReader } from './option-reader.js';

/** The names of the options of reading an image. */
export const DECODE_OPTIONS = [
  'maxPixels',
  'shrinkToSide',
  'background',
  'timeoutMs',
  'fetch',
  'signal',
] as const satisfies readonly (keyof DecodeImageOptions)[];

/**
 * Reads the options of reading an image; those that are left out have no property.
 *
 * @throws InvalidArgumentError which names the option
 */
export function readDecodeOptions(given: OptionReader<keyof DecodeImageOptions>): DecodeImageOptions {
  const options = {
    maxPixels: given.limit('maxPixels'),
    shrinkToSide: given.integer('shrinkToSide', 1),
    background: given.read('background', checks.rgb),
    timeoutMs: given.limit('timeoutMs'),
    fetch: given.function<typeof fetch>('fetch'),
    signal: given.signal('signal'),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
