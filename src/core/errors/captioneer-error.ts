const marker = Symbol.for('captioneer.error');

/** What went wrong, as a word that programs can compare. */
export type CaptioneerErrorCode =
  | 'INVALID_ARGUMENT'
  | 'IMAGE_UNREADABLE'
  | 'IMAGE_TOO_LARGE'
  | 'FETCH_FAILED'
  | 'CAPTION_FILE'
  | 'SOURCE_FILE'
  | 'QUEUE_FILE'
  | 'MANIFEST_INVALID'
  | 'MODEL_FILE'
  | 'MODEL_MISMATCH'
  | 'DISPOSED'
  | 'DATASET'
  | 'RUNTIME';

/** The base of every error that captioneer throws. Abort reasons are rethrown untouched and are not of this class. */
export abstract class CaptioneerError extends Error {
  abstract override readonly name: string;
  /** Literal code of the error's kind. */
  abstract readonly code: CaptioneerErrorCode;
  /** @internal */
  readonly [marker] = true;

  /**
   * Whether a value is an error of captioneer's, also if it comes from another copy of the package
   * (an ES module and a CommonJS copy in one process defeat `instanceof`).
   */
  static isInstance(value: unknown): value is CaptioneerError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}
