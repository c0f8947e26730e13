import { CaptioneerError } from './captioneer-error.js';

/** A file of captions is in no form that can be read, or a row of it is not what the form asks for. */
export class CaptionFileError extends CaptioneerError {
  override readonly name = 'CaptionFileError';
  override readonly code = 'CAPTION_FILE';
  /** The file's name as it was given. */
  readonly file: string;
  /** The row, counted from 1; undefined if the whole file is meant. */
  readonly row: number | undefined;

  constructor(file: string, row: number | undefined, message: string, options?: ErrorOptions) {
    super(`${file}${row === undefined ? '' : `, row ${row}`}: ${message}`, options);
    this.file = file;
    this.row = row;
  }
}
