import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The sources load the runtime from its package, as users do: it is built before the first test, if it is not there. */
export function setup(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build-runtime.mjs', import.meta.url))]);
}
