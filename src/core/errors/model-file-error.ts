import { CaptioneerError } from './captioneer-error.js';

/** A file of a model is missing, cut short, altered, or cannot be read by the runtime. */
export class ModelFileError extends CaptioneerError {
  override readonly name = 'ModelFileError';
  override readonly code = 'MODEL_FILE';
  /** The file's name as the manifest gives it, or the path or URL. */
  readonly file: string;

  constructor(file: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.file = file;
  }
}
