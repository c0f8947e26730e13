import { CaptioneerError } from './captioneer-error.js';

/** A manifest or configuration of a model is not JSON, or one of its fields is not what the format asks for. */
export class ManifestError extends CaptioneerError {
  override readonly name = 'ManifestError';
  override readonly code = 'MANIFEST_INVALID';
  /** The manifest's path or URL. */
  readonly file: string;
  /** Path of the field, such as `image.mean[0]`; empty if the whole file is meant. */
  readonly field: string;
  /** What the format asks for there. */
  readonly expected: string;

  constructor(file: string, field: string, expected: string, found: string, options?: ErrorOptions) {
    super(`${file}: ${field === '' ? '' : `field "${field}": `}expected ${expected}, found ${found}.`, options);
    this.file = file;
    this.field = field;
    this.expected = expected;
  }
}
