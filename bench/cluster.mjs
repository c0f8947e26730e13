// Captions of the same images by the library and by training/captioneer_training/onnx_captions.py, which clusters run
// (docs/guides/clusters.md): token by token.
//
//     node bench/cluster.mjs <folder of images> [--count 100] [--model models/default] [--python python3]
//
// `--record` instead writes captions of small models by the library, which the tests of both sides compare with.
//
// The Python needs numpy, onnxruntime, pillow and, for byte pairs, tokenizers. Ends with status 1 if a caption differs.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { Captioner } from '../dist/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '100' },
    model: { type: 'string', default: join(root, 'models', 'default') },
    record: { type: 'boolean', default: false },
    python: { type: 'string', default: process.env.PYTHON ?? 'python3' },
  },
});
const [folder = join(root, 'docs', 'images')] = positionals;
const images = readdirSync(folder)
  .filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
  .sort()
  .slice(0, Number(values.count))
  .map((name) => resolve(folder, name));

/** Captions by Python, one line of JSON each. */
async function inPython() {
  const args = ['-m', 'captioneer_training.onnx_captions', resolve(values.model), ...images];
  const options = { cwd: join(root, 'training'), maxBuffer: 1e9 };
  const { stdout } = await promisify(execFile)(values.python, args, options);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** The same by the library. The setting for gender is off, since Python has none. */
async function inJavaScript() {
  const captioner = await Captioner.load(values.model, { numThreads: 1 });
  const captions = [];
  for (const image of images) {
    const { text, tokens } = await captioner.caption(image, { gender: 'as-is' });
    captions.push({ image, text, ids: tokens.map(({ id }) => id) });
  }
  await captioner.dispose();
  return captions;
}

async function compare() {
  const [theirs, ours] = [await inPython(), await inJavaScript()];
  const withoutArticles = (text) => text.replace(/\ban?\b/gi, 'a');
  let [sameTokens, sameTexts, onlyArticlesDiffer] = [0, 0, 0];
  for (const [index, { image, text, ids }] of ours.entries()) {
    const other = theirs[index];
    if (String(ids) === String(other.ids)) sameTokens++;
    if (text === other.text) sameTexts++;
    else if (withoutArticles(text) === withoutArticles(other.text)) onlyArticlesDiffer++;
    else console.log(`${image}\n  library: ${text}\n  Python:  ${other.text}`);
  }
  const model = values.model.startsWith(root) ? values.model.slice(root.length) : values.model;
  console.log(JSON.stringify({ model, images: images.length, sameTokens, sameTexts, onlyArticlesDiffer }));
  process.exitCode = images.length > 0 && sameTokens === images.length ? 0 : 1;
}

/** Captions of the tests' models, with and without the rules. */
async function record() {
  const rules = [
    { numBeams: 1, noRepeatNgramSize: 0, noRepeatWords: false },
    { numBeams: 3, noRepeatNgramSize: 0, noRepeatWords: false, lengthPenalty: 0.7 },
    { numBeams: 4, noRepeatNgramSize: 2, noRepeatWords: true, minLength: 3 },
  ];
  const lines = [];
  for (const family of ['attention-lstm', 'inception-lstm', 'vit-gpt2', 'clip-prefix']) {
    const model = `test/fixtures/families/${family}`;
    const captioner = await Captioner.load(join(root, model), { numThreads: 1 });
    for (const image of ['docs/images/cat.jpg', 'docs/images/rocket.jpg']) {
      for (const generation of rules) {
        const { text, tokens } = await captioner.caption(readFileSync(join(root, image)), generation);
        lines.push(JSON.stringify({ model, image, generation, text, ids: tokens.map(({ id }) => id) }));
      }
    }
    await captioner.dispose();
  }
  writeFileSync(join(root, 'training', 'tests', 'fixtures', 'library-captions.jsonl'), `${lines.join('\n')}\n`);
}

await (values.record ? record() : compare());
