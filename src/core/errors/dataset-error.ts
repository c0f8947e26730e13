import { CaptioneerError } from './captioneer-error.js';

/** A dataset's record cannot be continued: it was made with other settings, is in use, or is not a record. */
export class DatasetError extends CaptioneerError {
  override readonly name = 'DatasetError';
  override readonly code = 'DATASET';
  /** @param path of the record */
  constructor(
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
