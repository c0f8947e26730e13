// Builds if a built file is missing or older than a source, so that nothing runs on an old build.
//
//     node scripts/build-if-stale.mjs          with the type declarations
//     node scripts/build-if-stale.mjs --code   without
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const isCodeOnly = process.argv.includes('--code');
const built = ['dist/index.js', 'dist/index.cjs', 'dist/cli/main.js', ...(isCodeOnly ? [] : ['dist/index.d.cts'])];
const sources = [
  'package.json',
  'tsconfig.json',
  'tsconfig.declarations.json',
  'tsup.config.ts',
  ...readdirSync(join(root, 'src'), { recursive: true })
    .map((name) => join('src', name))
    .filter((name) => name.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(name)),
];

const modified = (name) => statSync(join(root, name)).mtimeMs;
const isStale = () =>
  !built.every((name) => existsSync(join(root, name))) ||
  Math.max(...sources.map(modified)) > Math.min(...built.map(modified));

// The runtime's package looks for itself whether it is up to date.
const command = isStale() ? ['scripts/build.mjs', ...(isCodeOnly ? ['--code'] : [])] : ['scripts/build-runtime.mjs'];
execFileSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
