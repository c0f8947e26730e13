// Builds where a built file is missing or older than a source, so that tests of the package never run on an old build.
import { execSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = ['dist/index.js', 'dist/index.d.cts', 'dist/cli/main.js', 'vendor/onnxruntime-node/package.json'];
const sources = [
  'package.json',
  'tsconfig.json',
  'tsup.config.ts',
  ...readdirSync(join(root, 'src'), { recursive: true })
    .map((name) => join('src', name))
    .filter((name) => name.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(name)),
];

const modified = (name) => statSync(join(root, name)).mtimeMs;
const isStale = () => {
  if (!built.every((name) => existsSync(join(root, name)))) return true;
  // The runtime's copy keeps its age; it is checked by its version.
  const oldestBuilt = Math.min(...built.filter((name) => name.startsWith('dist')).map(modified));
  return Math.max(...sources.map(modified)) > oldestBuilt;
};

if (isStale()) execSync('npm run build', { cwd: root, stdio: 'inherit' });
