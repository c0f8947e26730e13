import { spawnSync } from 'node:child_process';

/** Runs a script in a process of its own, which may collect its garbage and gets `--child` and the arguments; what it prints. */
export function inOwnProcess(script, args, flags = []) {
  const { status, stdout } = spawnSync(process.execPath, [...flags, '--expose-gc', script, '--child', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${script} ${args.join(' ')} ended with status ${status}.`);
  return stdout;
}
