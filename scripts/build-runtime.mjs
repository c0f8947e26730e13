// Builds the packages of the native runtime, packages/runtime-<platform>, from the pinned onnxruntime-node:
//
//     node scripts/build-runtime.mjs           for this machine, linked as node_modules/@captioneer/runtime-<platform>
//     node scripts/build-runtime.mjs --all     for every platform that onnxruntime-node has binaries for
//
// What is built is not committed. See docs/decisions/0004-the-runtime-comes-along.md for why captioneer does not depend on
// onnxruntime-node, and packages/README.md for what is changed in its binaries.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ElfFile } from './runtime/elf.mjs';
import { PeFile } from './runtime/pe.mjs';
import { ADDON, packageName, platforms, thisPlatform } from './runtime/platforms.mjs';
import { ignoreUnthrowableErrors } from './runtime/stop-safely.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const upstream = dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')));
const readJson = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const upstreamVersion = readJson(upstream).version;
const { version, author, engines } = readJson(root);

const ENTRY = 'index.js';

/** Where a platform's package is built. */
const folderOf = ({ name }) => join(root, 'packages', `runtime-${name}`);

function build(platform) {
  const folder = folderOf(platform);
  const manifest = `${JSON.stringify(manifestOf(platform), null, 2)}\n`;
  const stamp = join(folder, 'package.json');
  if (isBuilt(stamp, manifest)) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of binaries(platform)) writeFileSync(join(folder, name), bytes);
  for (const name of ['LICENSE', 'ThirdPartyNotices.txt']) {
    copyFileSync(join(root, 'packages', 'runtime', name), join(folder, name));
  }
  writeFileSync(join(folder, ENTRY), entry(platform));
  writeFileSync(join(folder, 'README.md'), readme(platform));
  // Last, because it says that the package is complete.
  writeFileSync(stamp, manifest);
}

/** Whether the package is there, made for this manifest, and not older than the scripts that make it. */
function isBuilt(stamp, manifest) {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== manifest) return false;
  const builtMs = statSync(stamp).mtimeMs;
  const scripts = [
    'build-runtime.mjs',
    ...readdirSync(join(root, 'scripts', 'runtime')).map((name) => `runtime/${name}`),
  ];
  return scripts.every((name) => statSync(join(root, 'scripts', name)).mtimeMs < builtMs);
}

/** The binaries by name. On Linux and Windows the library has a name of our own; packages/README.md has all that is changed. */
function binaries({ name, source, library, shippedLibrary }) {
  const read = (file) => readFileSync(join(upstream, 'bin', 'napi-v6', source, file));
  const edit = name.startsWith('linux-') ? editElf : name.startsWith('win32-') ? editPe : (bytes) => bytes;
  return [
    [ADDON, edit(read(ADDON), { file: `${source}/${ADDON}`, library, shippedLibrary, isAddon: true })],
    [shippedLibrary, edit(read(library), { file: `${source}/${library}`, library, shippedLibrary, isAddon: false })],
  ];
}

function editElf(bytes, { file, library, shippedLibrary, isAddon }) {
  const elf = new ElfFile(bytes, file);
  elf.renameLibrary(library, shippedLibrary);
  if (isAddon) {
    // The pointer to the runtime's functions is one for the whole process: another copy of the addon would redirect ours.
    elf.makeUniqueSymbolsOwn();
    ignoreUnthrowableErrors(elf);
  }
  return bytes;
}

function editPe(bytes, { file, library, shippedLibrary, isAddon }) {
  const pe = new PeFile(bytes, file);
  pe.renameLibrary(library, shippedLibrary);
  if (isAddon) ignoreUnthrowableErrors(pe);
  return pe.withoutSignature();
}

/** The library is named, so that tools that collect a program's files take it along: the addon loads it by itself. */
function entry({ shippedLibrary }) {
  return [
    "'use strict';",
    "const { join } = require('node:path');",
    '',
    '// The addon loads this library. It is named here for tools that collect the files of a program.',
    `exports.library = join(__dirname, '${shippedLibrary}');`,
    `exports.addon = require('./${ADDON}');`,
    '',
  ].join('\n');
}

function manifestOf(platform) {
  return {
    name: packageName(platform),
    version,
    description: `The inference runtime of captioneer for ${platform.system}: the CPU part of onnxruntime-node ${upstreamVersion}.`,
    keywords: ['captioneer', 'onnxruntime'],
    license: 'MIT',
    author,
    ...platform.selectors,
    engines,
    type: 'commonjs',
    main: `./${ENTRY}`,
    files: [ENTRY, ADDON, platform.shippedLibrary, 'ThirdPartyNotices.txt'],
    preferUnplugged: true,
    publishConfig: { access: 'public' },
  };
}

const OWN_NAME = 'so that another copy of onnxruntime can be loaded in the same process';
const NO_ABORT =
  'an error that cannot be thrown because its thread is being stopped is ignored instead of ending the process';
/** What differs from upstream's files, by system. */
const CHANGES = {
  linux: (library) =>
    `Two things differ from upstream's files: the library has a name of its own (\`${library}\`) and its pointer is not shared, ` +
    `${OWN_NAME}; and ${NO_ABORT}.`,
  win32: (library) =>
    `Three things differ from upstream's files: the library has a name of its own (\`${library}\`), ${OWN_NAME}; ${NO_ABORT}; and ` +
    'the signature, which does not fit a file that was changed, is removed.',
  darwin: () => "The files are upstream's, unchanged.",
};

function readme(platform) {
  const changes = CHANGES[platform.selectors.os[0]](platform.shippedLibrary);
  return [
    `# ${packageName(platform)}`,
    `The inference runtime of [captioneer](https://www.npmjs.com/package/captioneer) for ${platform.system}. captioneer installs it by itself, as an optional dependency; do not install it on its own.`,
    `It holds the CPU binaries of [onnxruntime-node](https://www.npmjs.com/package/onnxruntime-node) ${upstreamVersion}, whose licence is in \`LICENSE\` (MIT, Microsoft Corporation); the licences of what they contain (abseil, Eigen, flatbuffers, onnx, protobuf, re2 and others) are in \`ThirdPartyNotices.txt\`. ${changes}`,
    '',
  ].join('\n\n');
}

/** Makes the package found as if npm had installed it. */
function link(platform) {
  const place = join(root, 'node_modules', packageName(platform));
  mkdirSync(dirname(place), { recursive: true });
  rmSync(place, { recursive: true, force: true });
  const isWindows = process.platform === 'win32';
  const target = isWindows ? folderOf(platform) : relative(dirname(place), folderOf(platform));
  symlinkSync(target, place, isWindows ? 'junction' : 'dir');
}

const here = thisPlatform();
for (const platform of process.argv.includes('--all') ? platforms : here ? [here] : []) build(platform);
if (here) link(here);
