import { CaptioneerError } from './captioneer-error.js';

/** A queue file of alternative texts is not there, is not JSON, or is not what `captioneer alt write` writes. */
export class QueueFileError extends CaptioneerError {
  override readonly name = 'QueueFileError';
  override readonly code = 'QUEUE_FILE';
  /** The file's path as it was given. */
  readonly file: string;

  constructor(file: string, message: string, options?: ErrorOptions) {
    super(`${file}: ${message}`, options);
    this.file = file;
  }
}
