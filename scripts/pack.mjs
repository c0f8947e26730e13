// Packs what is published: captioneer and the runtime packages. Build first.
//
//     node scripts/pack.mjs [folder] [--all | --library]     default folder: the working directory
//
// Without an option the runtime package is that of this machine; --all packs those of every platform, --library none.
// `npm publish <tarball>` publishes them, the runtime packages first. A plain `npm pack` packs captioneer alone.
import { execFileSync } from 'node:child_process';
import { constants, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishedManifest, publishedReadme } from './published-package.mjs';
import { platforms, thisPlatform } from './runtime/platforms.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const isWindows = process.platform === 'win32';

/** Packs a folder and gives what npm reports of the tarball. */
export function npmPack(folder, destination) {
  const args = ['pack', '--ignore-scripts', '--json', '--loglevel=error', '--pack-destination', destination];
  const report = execFileSync('npm', args, { cwd: folder, encoding: 'utf8', shell: isWindows });
  return Object.values(JSON.parse(report))[0];
}

/** Packs captioneer as it is published. */
export function packLibrary(destination) {
  const stage = mkdtempSync(join(tmpdir(), 'captioneer-stage-'));
  try {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const { path } of filesOf(root)) {
      cpSync(join(root, path), join(stage, path), { mode: constants.COPYFILE_FICLONE, preserveTimestamps: true });
    }
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
    writeFileSync(
      join(stage, 'README.md'),
      publishedReadme(readFileSync(join(root, 'README.md'), 'utf8'), manifest.files),
    );
    return npmPack(stage, destination);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** The files that npm would pack. */
function filesOf(folder) {
  const args = ['pack', '--dry-run', '--ignore-scripts', '--json', '--loglevel=error'];
  return Object.values(JSON.parse(execFileSync('npm', args, { cwd: folder, encoding: 'utf8', shell: isWindows })))[0]
    .files;
}

/** Packs the runtime packages that have been built. */
export function packRuntimes(destination, isAll) {
  const wanted = isAll ? platforms : platforms.filter((platform) => platform === thisPlatform());
  const built = readdirSync(join(root, 'packages'));
  return wanted.map(({ name }) => {
    if (!built.includes(`runtime-${name}`))
      throw new Error(`Run "node scripts/build-runtime.mjs${isAll ? ' --all' : ''}" first.`);
    return npmPack(join(root, 'packages', `runtime-${name}`), destination);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = '.'] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const isAll = process.argv.includes('--all');
  const runtimes = process.argv.includes('--library') ? [] : packRuntimes(resolve(folder), isAll);
  for (const { filename, size, unpackedSize } of [...runtimes, packLibrary(resolve(folder))]) {
    console.log(`${filename}: ${(size / 1e6).toFixed(1)} MB, unpacked ${(unpackedSize / 1e6).toFixed(1)} MB`);
  }
}
