/** The command line asks for something that cannot be; the message says what and begins with the option, if it is one. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
