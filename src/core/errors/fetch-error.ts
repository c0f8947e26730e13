import { CaptioneerError } from './captioneer-error.js';

/** A URL did not answer, or answered with an error. */
export class FetchError extends CaptioneerError {
  override readonly name = 'FetchError';
  override readonly code = 'FETCH_FAILED';
  /** The URL that was asked. */
  readonly url: string;
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;

  constructor(url: string, message: string, options?: ErrorOptions & { status?: number }) {
    super(message, options);
    this.url = url;
    this.status = options?.status;
  }
}
