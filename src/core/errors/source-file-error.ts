import { CaptioneerError } from './captioneer-error.js';

/**
 * A source file of a site is of a kind that is not read, is not UTF-8, cannot be parsed, has changed since it was read, or would not
 * have the intended text after an edit.
 */
export class SourceFileError extends CaptioneerError {
  override readonly name = 'SourceFileError';
  override readonly code = 'SOURCE_FILE';
  /** The file's path as it was given. */
  readonly file: string;

  constructor(file: string, message: string, options?: ErrorOptions) {
    super(`${file}: ${message}`, options);
    this.file = file;
  }
}
