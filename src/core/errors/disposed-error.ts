import { CaptioneerError } from './captioneer-error.js';

/** A captioner was used after it had been disposed of. */
export class DisposedError extends CaptioneerError {
  override readonly name = 'DisposedError';
  override readonly code = 'DISPOSED';
  constructor(what: string) {
    super(`${what} was used after dispose(). Load it again.`);
  }
}
