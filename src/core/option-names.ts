import { InvalidArgumentError } from './errors/index.js';

/**
 * An option that nobody knows is a slip of the pen, and never passed over.
 *
 * @param of what the options belong to, for the message
 * @throws InvalidArgumentError which names it, and those that are known
 */
export function checkOptionNames(options: object, known: readonly string[], of: string): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new InvalidArgumentError(unknown, `Unknown option "${unknown}" of ${of}. Known are ${known.join(', ')}.`);
}
