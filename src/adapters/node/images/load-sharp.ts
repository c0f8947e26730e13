import { RuntimeError } from '../../../core/index.js';
import { asSentence, explainLoadFailure } from '../files/load-failure.js';

type Sharp = (typeof import('sharp'))['default'];

/**
 * Loads the image decoder, on first use only: it takes about as long as a small image's caption.
 *
 * Its process-wide settings (cache, concurrency, SIMD) are left as they are.
 *
 * @throws RuntimeError which says why it cannot be loaded and what to do
 */
export async function loadSharp(): Promise<Sharp> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    const { isMissing, detail, remedy } = explainLoadFailure(cause);
    const problem = isMissing ? 'is not installed, or not for this system.' : `cannot be loaded: ${asSentence(detail)}`;
    throw new RuntimeError(
      `Image files are decoded by the package "sharp", which ${problem} ` +
        (remedy ?? 'Run "npm install --include=optional sharp" on this system, or give raw pixels.'),
      { cause },
    );
  }
}
