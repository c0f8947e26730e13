import * as core from '../core/index.js';
import { CaptioneerError } from '../core/index.js';

/**
 * An error in a form that threads can send each other. Structured cloning keeps of an error no more than a name that it knows, the
 * message and the stack.
 */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  /** Own properties: `code`, `source`, `argument`, … */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause?: ErrorMessage | undefined;
}

/** Any thrown value, to be sent. */
export function toErrorMessage(thrown: unknown): ErrorMessage {
  if (typeof thrown !== 'object' || thrown === null) return { name: 'Error', message: String(thrown), fields: {} };
  const { name = 'Error', message = '', stack, cause } = thrown as Partial<Error>;
  const fields = Object.fromEntries(
    Object.entries(thrown).filter(([key, value]) => !['name', 'cause'].includes(key) && isPlain(value)),
  );
  return { name, message, stack, fields, ...(cause !== undefined && { cause: toErrorMessage(cause) }) };
}

/** The error again: of the library's own class if it was one, so that `instanceof` and `isInstance` tell. */
export function fromErrorMessage({ name, message, stack, fields, cause }: ErrorMessage): Error {
  if (name === 'AbortError' || name === 'TimeoutError') return new DOMException(message, name);
  const ErrorClass = (core as Readonly<Record<string, unknown>>)[name];
  const isOurs = typeof ErrorClass === 'function' && ErrorClass.prototype instanceof CaptioneerError;
  const error = isOurs ? (Object.create(ErrorClass.prototype as object) as Error) : new Error(message);
  const properties = {
    name,
    message,
    stack,
    ...(cause && { cause: fromErrorMessage(cause) }),
    ...(isOurs && { [Symbol.for('captioneer.error')]: true }),
  };
  for (const key of Reflect.ownKeys(properties)) {
    const value = properties[key as keyof typeof properties];
    Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false });
  }
  return Object.assign(error, fields);
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value);
}
