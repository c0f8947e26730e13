import { CaptioneerError, type CaptioneerErrorCode } from '../core/index.js';
import { ContractError } from './contract-case.js';

/** Throws if a condition does not hold. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ContractError(message);
}

/** Throws if two rows of numbers differ by more than `tolerance × (1 + magnitude)` anywhere. */
export function checkClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  check(found.length === expected.length, `${what}: ${found.length} values instead of ${expected.length}.`);
  for (let i = 0; i < found.length; i++) {
    const a = found[i] as number;
    const b = expected[i] as number;
    if (Object.is(a, b) || Math.abs(a - b) <= tolerance * (1 + Math.abs(b))) continue;
    throw new ContractError(`${what}: value ${i} is ${a} instead of ${b}.`);
  }
}

/** Throws unless the action rejects, or throws, an error of captioneer's with one of these codes. */
export async function checkFails(
  action: () => unknown,
  codes: readonly CaptioneerErrorCode[],
  what: string,
): Promise<void> {
  const error = await failure(action, what);
  const code = CaptioneerError.isInstance(error) ? error.code : String(error);
  const wanted = codes.join(' or ');
  if (!codes.some((wantedCode) => wantedCode === code)) {
    throw new ContractError(`${what}: failed with ${code} instead of ${wanted}.`, { cause: error });
  }
}

/** What an action throws or rejects with; throws if it succeeds. */
export async function failure(action: () => unknown, what: string): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new ContractError(`${what}: succeeded, but had to fail.`);
}
