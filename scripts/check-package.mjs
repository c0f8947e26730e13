// Packs packages and checks the tarballs: publint for their layout, attw for how their types resolve.
//
//     node scripts/check-package.mjs [folder…]     default: the library, and every model package in models/
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const models = readdirSync(join(root, 'models')).map((name) => join(root, 'models', name));
const packages = [root, ...models.filter((folder) => existsSync(join(folder, 'package.json')))];
const folders = process.argv.length > 2 ? process.argv.slice(2).map((folder) => resolve(folder)) : packages;

const temporary = mkdtempSync(join(tmpdir(), 'captioneer-pack-'));
const run = (cwd, command, ...args) =>
  execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });

/** A command that is installed here. npx would take half a second to find it. */
const tool = (name) => join(root, 'node_modules', '.bin', name);

function check(folder) {
  const packed = JSON.parse(run(folder, 'npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', temporary));
  const { filename, size, unpackedSize, entryCount } = Object.values(packed)[0];
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(`${filename}: ${megabytes(size)}, unpacked ${megabytes(unpackedSize)}, ${entryCount} files`);
  const tarball = join(temporary, filename);
  console.log(run(root, tool('publint'), 'run', tarball, '--strict'));
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  // Files and the script of a worker are not modules that a program imports.
  const others = Object.keys(exports).filter((path) => path.endsWith('.onnx') || path.endsWith('/thread'));
  const excluded = others.length > 0 ? ['--exclude-entrypoints', ...others] : [];
  console.log(run(root, tool('attw'), tarball, '--profile', 'node16', ...excluded));
}

try {
  folders.forEach(check);
} catch (error) {
  if (error.stdout) console.error(error.stdout);
  throw error;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
