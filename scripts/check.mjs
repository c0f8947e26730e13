// Runs all checks, as many at a time as there are processors. What each prints comes whole, when it has ended; those that failed are
// named at the end.
//
//     node scripts/check.mjs
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Scripts of package.json, in lists of which each waits for the one before. The longest come first. */
const lists = [['build', 'check:package'], ['lint'], ['check:docs'], ['typecheck'], ['knip'], ['format:check']];
const failed = [];

/** Runs a script to its end. Gives whether it succeeded. */
function run(script) {
  const start = performance.now();
  const child = spawn('npm', ['run', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      process.stdout.write(Buffer.concat(printed));
      console.log(`\n${script}: ${code === 0 ? 'passed' : 'FAILED'} after ${seconds} s\n`);
      if (code !== 0) failed.push(script);
      resolve(code === 0);
    });
  });
}

async function work() {
  for (let list = lists.shift(); list !== undefined; list = lists.shift()) {
    for (const script of list) if (!(await run(script))) break;
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
