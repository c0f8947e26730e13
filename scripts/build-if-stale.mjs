// Builds where a built file is missing or older than a source, so that tests of the package never run on an old build.
import { execSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = ['dist/index.js', 'dist/index.cjs', 'dist/index.d.cts', 'dist/cli/main.js'];
const sources = [
  'package.json',
  'tsconfig.json',
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
execSync(isStale() ? 'npm run build' : 'node scripts/build-runtime.mjs', { cwd: root, stdio: 'inherit' });
