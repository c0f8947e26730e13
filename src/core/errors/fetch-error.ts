import { CaptioneerError } from './captioneer-error.js';

/** A URL did not answer, or answered with an error. */
export class FetchError extends CaptioneerError {
  override readonly name = 'FetchError';
  override readonly code = 'FETCH_FAILED';
  /** The URL that was asked. */
  readonly url: string;
  /** The HTTP status, if there was an answer. */
  readonly status: number | undefined;
  /** How long the server asks to wait before the next request (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(url: string, message: string, options?: ErrorOptions & { status?: number; retryAfterMs?: number }) {
    super(message, options);
    this.url = url;
    this.status = options?.status;
    this.retryAfterMs = options?.retryAfterMs;
  }
}
