import { CaptioneerError } from '../core/index.js';

/** Why a request is refused, as the answer tells it. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    readonly status: number,
    /** A word that programs can compare. */
    readonly code: string,
    message: string,
    /** Of the header `Retry-After`. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

/** The library's codes that are about what the request gave, by their HTTP status. */
const STATUS: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  IMAGE_UNREADABLE: 422,
  IMAGE_TOO_LARGE: 413,
  FETCH_FAILED: 422,
};

/** Whatever a request ended with, as an answer. What is not the request's fault is told to nobody in detail. */
export function toRequestError(thrown: unknown): RequestError {
  if (thrown instanceof RequestError) return thrown;
  const status = CaptioneerError.isInstance(thrown) ? STATUS[thrown.code] : undefined;
  if (status === undefined) return new RequestError(500, 'INTERNAL', 'The image could not be captioned.');
  const { code, message } = thrown as CaptioneerError;
  // What the library calls bytes is not what whoever sent the request calls them.
  return new RequestError(status, code, message.replace(/^Uint8Array\b/, 'image'));
}
