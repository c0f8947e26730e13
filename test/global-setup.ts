import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RUN_FOLDER } from './once.js';

/**
 * The sources load the runtime from its package, as users do: it is built before the first test, if it is not there. What test files
 * share, and all that they and their browsers write into the folder for temporary files, is in a folder that is removed after the run.
 * Every project of the tests asks for it; the first one gets it.
 */
export function setup(): (() => void) | undefined {
  if (process.env[RUN_FOLDER] !== undefined) return undefined;
  execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build-runtime.mjs', import.meta.url))]);
  const before = { ...process.env };
  const folder = mkdtempSync(join(tmpdir(), 'captioneer-'));
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  // Some tests run commands as another user.
  chmodSync(folder, 0o755);
  chmodSync(temporary, 0o1777);
  Object.assign(process.env, { [RUN_FOLDER]: folder, TMPDIR: temporary, TEMP: temporary, TMP: temporary });
  return () => {
    for (const name of [RUN_FOLDER, 'TMPDIR', 'TEMP', 'TMP']) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
}
