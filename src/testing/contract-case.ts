/**
 * One check of a contract, for any test framework.
 *
 * @example
 * ```ts
 * describe('my decoder', () => {
 *   for (const { name, skip, run } of decoderContract({ name: 'mine', create, image })) {
 *     test(name, { skip: skip !== undefined }, run);
 *   }
 * });
 * ```
 */
export interface ContractCase {
  /** What is checked, after the name of what it is checked on. */
  readonly name: string;
  /** Why the check is left out; undefined if it is not. */
  readonly skip?: string;
  /** Runs the check: rejects with `ContractError` if the contract is broken; does nothing if it is skipped. */
  readonly run: () => Promise<void>;
}

/** What every contract suite needs to know. */
export interface ContractOptions<T> {
  /** What is tested; it begins the name of every case. */
  readonly name: string;
  /** Makes what is tested. Called once, before the first case runs; all cases use the same one. */
  create(): T | Promise<T>;
  /** Cases that are left out: the reason, by the case's name (without the name of what is tested). */
  readonly skip?: Readonly<Record<string, string>>;
}

/** A contract is broken. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

/** Makes the cases of a suite. */
export function contractCases<T>(
  options: ContractOptions<T>,
  checks: Readonly<Record<string, (subject: T) => void | Promise<void>>>,
): ContractCase[] {
  const { skip = {} } = options;
  const stray = Object.keys(skip).find((check) => !(check in checks));
  if (stray !== undefined) {
    throw new ContractError(`There is no case "${stray}" to skip. There are: ${Object.keys(checks).join('; ')}.`);
  }
  let subject: Promise<T> | undefined;
  return Object.entries(checks).map(([check, perform]) => {
    const reason = skip[check];
    return {
      name: `${options.name}: ${check}`,
      ...(reason !== undefined && { skip: reason }),
      run: async () => {
        if (reason !== undefined) return;
        subject ??= Promise.resolve(options.create());
        await perform(await subject);
      },
    };
  });
}
