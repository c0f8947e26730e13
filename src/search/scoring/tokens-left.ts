import { InvalidArgumentError } from '../../core/index.js';

/** Whether a row of scores has a token that is not forbidden. */
export function isSomeTokenLeft(scores: Float32Array): boolean {
  return scores.some((score) => score > -Infinity);
}

/** The error if a rule leaves no token to go on with. */
export function noTokenLeft(argument: string, rule = argument): InvalidArgumentError {
  return new InvalidArgumentError(
    argument,
    `${rule}, together with the rules before it, forbids every next token. Relax one of these rules.`,
  );
}
