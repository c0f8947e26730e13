import { CaptioneerError } from './captioneer-error.js';

/** The inference runtime failed while it ran a graph. */
export class RuntimeError extends CaptioneerError {
  override readonly name = 'RuntimeError';
  override readonly code = 'RUNTIME';
}
