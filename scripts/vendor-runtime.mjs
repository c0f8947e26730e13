// Copies the CPU part of onnxruntime-node to vendor/, from where the built files import it (`#onnxruntime-node`).
//
// Why: onnxruntime-node's install script downloads CUDA libraries on linux-x64, some hundreds of megabytes, and fails
// without a network. A package that depends on it cannot turn that off for its users. Its CPU binaries lie in its npm
// tarball and need no script, so captioneer ships just those.
//
// onnxruntime-common comes along as a copy of its own: it holds a registry of backends, and an application that uses
// onnxruntime-node itself would otherwise find its backend's name taken.
import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'vendor', 'onnxruntime-node');
const source = dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')));
const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));

/** What the CPU runtime needs: its JavaScript, and per platform the binding and the runtime library under the one name the binding asks for. */
const wanted = [
  /^dist[/\\][^/\\]+\.js$/,
  /^bin[/\\].*[/\\]onnxruntime_binding\.node$/,
  /^bin[/\\].*[/\\]libonnxruntime\.so\.1$/,
  /^bin[/\\].*[/\\]libonnxruntime\.1\.dylib$/,
  /^bin[/\\].*[/\\]onnxruntime\.dll$/,
];

const stamp = join(target, 'package.json');
const shipped = {
  name: manifest.name,
  version: manifest.version,
  description: `${manifest.description}: the CPU part, as shipped with captioneer`,
  license: manifest.license,
  repository: manifest.repository,
  type: 'commonjs',
  main: manifest.main,
};
const stampText = `${JSON.stringify(shipped, null, 2)}\n`;

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== stampText) {
  rmSync(target, { recursive: true, force: true });
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(source, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => wanted.some((pattern) => pattern.test(file)));
  for (const file of files) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    copyFileSync(join(source, file), join(target, file), constants.COPYFILE_FICLONE);
  }
  shipOwnCommon();
  copyFileSync(new URL('onnxruntime-LICENSE.txt', import.meta.url), join(target, 'LICENSE'));
  // Last, because it says that the copy is complete.
  writeFileSync(stamp, stampText);
}

/** Copies onnxruntime-common's CommonJS files beside the runtime's and lets the runtime take those. */
function shipOwnCommon() {
  const common = dirname(createRequire(join(source, 'package.json')).resolve('onnxruntime-common'));
  const own = join(target, 'dist', 'common');
  mkdirSync(own);
  for (const file of readdirSync(common).filter((name) => name.endsWith('.js'))) {
    copyFileSync(join(common, file), join(own, file));
  }
  for (const file of readdirSync(join(target, 'dist')).filter((name) => name.endsWith('.js'))) {
    const path = join(target, 'dist', file);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replaceAll('require("onnxruntime-common")', 'require("./common/index.js")'),
    );
  }
}
