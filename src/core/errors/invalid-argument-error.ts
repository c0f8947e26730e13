import { CaptioneerError } from './captioneer-error.js';

/** An option or argument is missing, unknown, of the wrong type or out of range. */
export class InvalidArgumentError extends CaptioneerError {
  override readonly name = 'InvalidArgumentError';
  override readonly code = 'INVALID_ARGUMENT';
  /** The argument's name, such as `numBeams`. */
  readonly argument: string;

  constructor(argument: string, message: string) {
    super(message);
    this.argument = argument;
  }
}
