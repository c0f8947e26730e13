// Builds dist/ and this machine's runtime package.
//
//     node scripts/build.mjs          all of it
//     node scripts/build.mjs --code   without the type declarations, which nothing that runs needs and which take most of the time
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const isCodeOnly = process.argv.includes('--code');
const run = (script, ...args) =>
  execFileSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    cwd: root,
    env: { ...process.env, CAPTIONEER_BUILD: isCodeOnly ? 'code' : 'all' },
    stdio: 'inherit',
  });

// Nothing of an earlier build is packed.
const dist = fileURLToPath(new URL('../dist', import.meta.url));
rmSync(dist, { recursive: true, force: true });
if (!isCodeOnly) run('../node_modules/typescript/lib/tsc.js', '-p', 'tsconfig.declarations.json');
run('../node_modules/tsup/dist/cli-default.js', ...(isCodeOnly ? ['--silent'] : []));
rmSync(`${dist}/.declarations`, { recursive: true, force: true });
run('build-runtime.mjs');
