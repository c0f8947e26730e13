import { oneLine } from './one-line.js';
import { flagOf, withFlags } from './flags.js';
import { UsageError } from './usage-error.js';

/** An error as the command prints it. */
export interface ErrorReport {
  /** The library's code (`IMAGE_UNREADABLE`, …), the command's own, or that of the system; `UNKNOWN` if there is none. */
  readonly code: string;
  /** The error's class. */
  readonly name: string;
  /** One line that names the image. */
  readonly message: string;
}

/** Says in one line what went wrong with an image. */
export function reportImageError(error: unknown, label: string): ErrorReport {
  const message = messageOf(error);
  // What the library calls the image: the path or URL, or `stream`.
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

/** The error as one of usage, if it is about an option that the command line has. */
export function asUsageError(error: unknown): UsageError | undefined {
  if (error instanceof UsageError) return error;
  if (propertyOf(error, 'code') !== 'INVALID_ARGUMENT') return undefined;
  const argument = propertyOf(error, 'argument') ?? '';
  const flag = flagOf(argument);
  if (flag === undefined) return undefined;
  // `model` is a word of sentences, too.
  const isWord = argument === 'model';
  const message = isWord ? messageOf(error) : messageOf(error).replaceAll(new RegExp(`\\b${argument}\\b`, 'g'), flag);
  return new UsageError(withFlags(message.startsWith(flag) ? message : `${flag}: ${message}`));
}

function kindOf(error: unknown): Omit<ErrorReport, 'message'> {
  return { code: propertyOf(error, 'code') ?? 'UNKNOWN', name: propertyOf(error, 'name') ?? 'Error' };
}

function messageOf(error: unknown): string {
  const message = propertyOf(error, 'message') ?? String(error);
  return message === '' ? kindOf(error).name : message;
}

/** A text property of anything. Errors are told apart by their properties, so that the library need not be loaded. */
function propertyOf(value: unknown, name: string): string | undefined {
  const property = (value as Record<string, unknown> | null | undefined)?.[name];
  return typeof property === 'string' ? property : undefined;
}
