// Makes an npm package of a model folder: writes package.json, an entry that tells where the files are, and LICENSE.
//
//     node scripts/create-model-package.mjs models/clip-prefix
//
// The folder has captioneer.json, the files that it names, and its model card as README.md. The model is loaded first, so
// that only what works becomes a package; build the library before. Run it again after each export.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Captioner } from '../dist/index.js';

const CARD = 'README.md';
/** Copyright notices of others, if the model holds weights of theirs. */
const NOTICES = 'THIRD-PARTY.md';
const root = fileURLToPath(new URL('..', import.meta.url));
const [folder, ...others] = process.argv.slice(2);
if (folder === undefined || others.length > 0) fail('usage: node scripts/create-model-package.mjs <model folder>');
if (!existsSync(join(folder, CARD))) fail(`${folder} has no ${CARD}. Write its model card first.`);

const captioner = await Captioner.load(resolve(folder)).catch((error) => fail(error.message));
const { manifest } = captioner;
await captioner.dispose();
if (!/^[a-z0-9][a-z0-9._-]*$/.test(manifest.name)) fail(`"${manifest.name}" (captioneer.json) cannot name a package.`);

const modelFiles = [manifest.graphs.encoder.file, manifest.graphs.decoder.file, manifest.tokenizer.file];
const entries = {
  'index.js': "export const modelFolder = new URL('.', import.meta.url);\n",
  'index.cjs': "exports.modelFolder = require('node:url').pathToFileURL(`${__dirname}/`);\n",
  'index.d.ts': declaration('export declare const modelFolder: URL;'),
  'index.d.cts': declaration('export declare const modelFolder: URL;'),
};
for (const [name, text] of Object.entries(entries)) write(name, text);
write('package.json', `${JSON.stringify(packageManifest(), null, 2)}\n`);
writeLicense();
console.log(
  `${folder}: @captioneer/${manifest.name} ${manifest.version}. Now run npm install, which links it and notes it down.`,
);

function packageManifest() {
  const { author, engines, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const open = ['captioneer.json', ...modelFiles, 'package.json'];
  return {
    name: `@captioneer/${manifest.name}`,
    version: manifest.version,
    description: `A model for captioneer, of the family ${manifest.family}: captions pictures on your own machine.`,
    keywords: ['captioneer', 'image-captioning', 'onnx', manifest.family],
    license: manifest.license === license ? license : 'SEE LICENSE IN LICENSE',
    author,
    type: 'module',
    sideEffects: false,
    engines,
    main: './index.cjs',
    module: './index.js',
    types: './index.d.ts',
    exports: {
      '.': {
        import: { types: './index.d.ts', default: './index.js' },
        require: { types: './index.d.cts', default: './index.cjs' },
      },
      ...Object.fromEntries(open.map((name) => [`./${name}`, `./${name}`])),
    },
    files: [
      ...Object.keys(entries),
      'captioneer.json',
      ...modelFiles,
      ...(existsSync(join(folder, NOTICES)) ? [NOTICES] : []),
    ],
    publishConfig: { access: 'public' },
  };
}

function declaration(code) {
  const name = `@captioneer/${manifest.name}`;
  return `/** The folder of the files of ${name}, for \`Captioner.load(modelFolder)\`; \`Captioner.load('${name}')\` finds it too. */\n${code}\n`;
}

/** A licence that lies there already stays. */
function writeLicense() {
  const target = join(folder, 'LICENSE');
  if (existsSync(target)) return;
  if (!/^MIT\b/.test(manifest.license)) fail(`${folder} has no LICENSE. Add the text of "${manifest.license}".`);
  copyFileSync(join(root, 'LICENSE'), target);
  if (manifest.license !== 'MIT') write('LICENSE', `${manifest.license}\n\n${readFileSync(target, 'utf8')}`);
}

function write(name, text) {
  writeFileSync(join(folder, name), text);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
