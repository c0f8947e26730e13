import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The variable that names the folder of a run of the tests, which `global-setup.ts` makes and removes. */
export const RUN_FOLDER = 'CAPTIONEER_TEST_RUN';

/**
 * Makes something that test files share once in a run of the tests, whichever process asks for it first; the others wait.
 *
 * @param name its folder's name
 * @param make fills that folder
 * @returns the folder, which tests only read
 */
export async function once(name: string, make: (folder: string) => void | Promise<void>): Promise<string> {
  const run = process.env[RUN_FOLDER];
  if (run === undefined) throw new Error(`${RUN_FOLDER} is not set: run the tests by Vitest, with its global setup.`);
  const folder = join(run, name);
  const [lock, done, failed] = [`${folder}.lock`, `${folder}.done`, `${folder}.failed`];
  if (isFirst(lock)) {
    try {
      mkdirSync(folder);
      await make(folder);
      writeFileSync(done, '');
    } catch (error) {
      writeFileSync(failed, String((error as Error).stack));
      throw error;
    }
  }
  while (!existsSync(done)) {
    if (existsSync(failed)) throw new Error(`${name}: ${readFileSync(failed, 'utf8')}`);
    if (!isRunning(Number(readFileSync(lock, 'utf8')))) throw new Error(`The test file that made ${name} has ended.`);
    await sleep(50);
  }
  return folder;
}

/** Whether no other process has the lock yet. */
function isFirst(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether a process is there. 0, of a lock that is being written, counts as one. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid || process.pid, 0);
  } catch {
    return false;
  }
}
