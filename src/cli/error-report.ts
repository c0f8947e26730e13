import { oneLine } from './one-line.js';
import { flagOf, withFlags } from './settings.js';
import { UsageError } from './usage-error.js';

/** An error as the command prints it. */
export interface ErrorReport {
  /** The library's code (`IMAGE_UNREADABLE`, …), the command's own, or that of the system; `UNKNOWN` without one. */
  readonly code: string;
  /** The error's class. */
  readonly name: string;
  /** One line that names the picture. */
  readonly message: string;
}

/** Says in one line what went wrong with a picture. */
export function reportPictureError(error: unknown, label: string): ErrorReport {
  const message = messageOf(error);
  // What the library calls the picture: the path or URL, or, where it cannot know better, `stream`.
  const subject = propertyOf(error, 'source') ?? propertyOf(error, 'url');
  const isNamed = subject !== undefined && message.startsWith(subject);
  const rest = isNamed ? message.slice(subject.length).replace(/^:?\s*/, '') : message;
  const name = isNamed && subject !== 'stream' ? subject : label;
  const advisesOption = ['IMAGE_TOO_LARGE', 'FETCH_FAILED'].includes(propertyOf(error, 'code') ?? '');
  const text = advisesOption ? withFlags(rest) : rest;
  return { ...kindOf(error), message: oneLine(`${name}: ${text}`) };
}

/** Says in one line what went wrong, whatever it is. */
export function reportError(error: unknown): ErrorReport {
  return { ...kindOf(error), message: oneLine(messageOf(error)) };
}

/** The error as one of usage, where it is the library's about an option that the command line has. */
export function asUsageError(error: unknown): UsageError | undefined {
  if (error instanceof UsageError) return error;
  if (propertyOf(error, 'code') !== 'INVALID_ARGUMENT') return undefined;
  const flag = flagOf(propertyOf(error, 'argument') ?? '');
  return flag === undefined ? undefined : new UsageError(`${flag}: ${withFlags(messageOf(error))}`);
}

function kindOf(error: unknown): Omit<ErrorReport, 'message'> {
  return { code: propertyOf(error, 'code') ?? 'UNKNOWN', name: propertyOf(error, 'name') ?? 'Error' };
}

function messageOf(error: unknown): string {
  const message = propertyOf(error, 'message') ?? String(error);
  return message === '' ? kindOf(error).name : message;
}

/** A text property of anything. Errors are known by what they have: the library is not loaded only to tell them apart. */
function propertyOf(value: unknown, name: string): string | undefined {
  const property = (value as Record<string, unknown> | null | undefined)?.[name];
  return typeof property === 'string' ? property : undefined;
}
