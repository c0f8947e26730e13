// Packs the package once and checks the tarball: publint for its layout, attw for how its types resolve.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'captioneer-pack-'));
const run = (command, ...args) =>
  execFileSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });

try {
  const packed = JSON.parse(run('npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder));
  const { filename, size, unpackedSize, entryCount } = Object.values(packed)[0];
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(`${filename}: ${megabytes(size)}, unpacked ${megabytes(unpackedSize)}, ${entryCount} files`);
  const tarball = join(folder, filename);
  console.log(run('npx', '--no', 'publint', 'run', tarball, '--strict'));
  console.log(run('npx', '--no', 'attw', tarball, '--profile', 'node16'));
} catch (error) {
  if (error.stdout) console.error(error.stdout);
  throw error;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
