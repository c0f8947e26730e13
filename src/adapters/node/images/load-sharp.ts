import { RuntimeError } from '../../../core/index.js';

type Sharp = (typeof import('sharp'))['default'];

/**
 * Loads the picture decoder, on first use only: it takes about as long as a small picture's caption.
 *
 * Its process-wide settings (cache, concurrency, SIMD) are left as they are.
 *
 * @throws RuntimeError which says how to install it
 */
export async function loadSharp(): Promise<Sharp> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    throw new RuntimeError(
      'Decoding picture files in Node needs the package "sharp", which is not installed or not made for this system. ' +
        'Run "npm install sharp", or give raw pixels.',
      { cause },
    );
  }
}
