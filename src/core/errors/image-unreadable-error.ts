import { CaptioneerError } from './captioneer-error.js';

/** A picture is missing, empty, truncated, or in no format that can be decoded. */
export class ImageUnreadableError extends CaptioneerError {
  override readonly name = 'ImageUnreadableError';
  override readonly code = 'IMAGE_UNREADABLE';
  /** What names the picture: a path, a URL, or the kind of value that was given. */
  readonly source: string;

  constructor(source: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.source = source;
  }
}
