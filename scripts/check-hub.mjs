// Compares the published files of a checkpoint, in each kind of weights, with Python transformers on 20 images, and prints a table. Needs
// a network, and  pip install -r test/exporters/requirements.txt  for the Python that --python names:
//
//     npm run check-hub -- florence-2
//     npm run check-hub -- owner/name --reference owner/original --dtypes fp32,q8 --images photos --count 20
//
// --reference   id or folder of the original weights; default that of a known checkpoint, else the id itself
// --dtypes      kinds of weights; default all that the checkpoint has
// --images      folder with images; default docs/images, and parts of them until there are 20
// --recorded    work folder of an earlier run, whose reference is used again: no Python then
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdownTable } from '../bench/markdown.mjs';
import { nodePlatform } from '../dist/adapters/node/index.js';
import { castFloats, openModel } from '../dist/authors/index.js';
import { Captioner } from '../dist/index.js';
import { toPixelValues } from '../dist/preprocess/index.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DTYPES = ['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4'];
/** Checkpoints whose repository has graphs only, or a name here: where the weights for Python are. */
const ORIGINALS = {
  distilvit: 'Mozilla/distilvit',
  'vit-gpt2-coco': 'nlpconnect/vit-gpt2-image-captioning',
  'Xenova/vit-gpt2-image-captioning': 'nlpconnect/vit-gpt2-image-captioning',
  'florence-2': 'florence-community/Florence-2-base-ft',
  'florence-2-large': 'florence-community/Florence-2-large-ft',
  'onnx-community/Florence-2-base-ft': 'florence-community/Florence-2-base-ft',
  'onnx-community/Florence-2-large-ft': 'florence-community/Florence-2-large-ft',
};

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    reference: { type: 'string' },
    dtypes: { type: 'string' },
    images: { type: 'string', default: join(ROOT, 'docs', 'images') },
    count: { type: 'string', default: '20' },
    recorded: { type: 'string' },
    python: { type: 'string', default: 'python3' },
  },
});
const [id] = positionals;
if (id === undefined || positionals.length > 1) {
  console.error('Give one checkpoint: npm run check-hub -- owner/name');
  process.exit(2);
}

/** Runs Python, unless an earlier run is given; the folder of what it wrote. */
function referenceFolder() {
  if (given.recorded !== undefined) return given.recorded;
  const folder = join(tmpdir(), 'captioneer-check-hub', id.replaceAll('/', '--'));
  const source = given.reference ?? ORIGINALS[id] ?? id;
  const script = join(ROOT, 'scripts', 'check-hub', 'reference.py');
  const args = [script, source, given.images, folder, '--count', given.count];
  const { status, error } = spawnSync(given.python, args, { stdio: 'inherit' });
  if (status === 0) return folder;
  console.error(`${given.python} could not make the reference of ${source}${error ? `: ${error.message}` : ''}.`);
  process.exit(1);
}

const samples = ({ values }) => {
  const bytes = Buffer.from(values, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
};

/** What was found at the places of the samples; undefined if it has another size. */
function at(found, { dims }, count) {
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (found.length !== size) return undefined;
  return Float32Array.from(
    { length: count },
    (_, i) => found[count === 1 ? 0 : Math.trunc((i * (size - 1)) / (count - 1))],
  );
}

/** Largest difference of samples, as they are and as a share of the largest, and their cosine. */
function compare(found, recorded) {
  const expected = samples(recorded);
  const values = at(found, recorded, expected.length);
  if (!values) return { difference: Infinity, share: Infinity, cosine: 0 };
  let [difference, largest, product, a, b] = [0, 0, 0, 0, 0];
  for (const [i, value] of expected.entries()) {
    difference = Math.max(difference, Math.abs(value - values[i]));
    largest = Math.max(largest, Math.abs(value));
    product += value * values[i];
    a += value * value;
    b += values[i] * values[i];
  }
  return { difference, share: difference / largest, cosine: product / Math.sqrt(a * b) };
}

/** Pixels, features and logits along the reference's own words. */
async function compareNumbers(platform, model, folder, { file, pixelValues, features, steps }) {
  const raw = await platform.decodeImage(join(folder, file));
  const pixels = toPixelValues(raw, model.manifest.image);
  const encoded = await model.encoder.encode(pixels);
  const [hidden] = Object.values(encoded);
  const { start, forcedFirst } = model.manifest.tokens;
  let state = model.decoder.start(encoded);
  const read = [...start, ...(forcedFirst === undefined ? [] : [forcedFirst])];
  for (const token of read.slice(0, -1)) ({ state } = await model.decoder.step(state, [token]));
  let token = read.at(-1);
  let [share, same] = [0, 0];
  for (const [n, recorded] of steps.logits.entries()) {
    const step = await model.decoder.step(state, [token]);
    share = Math.max(share, compare(step.logits, recorded).share);
    const likeliest = step.logits.reduce((best, value, i) => (value > step.logits[best] ? i : best), 0);
    if (likeliest === steps.ids[n]) same++;
    [state, token] = [step.state, steps.ids[n]];
  }
  return {
    pixels: compare(pixels.data, pixelValues).difference,
    features: compare(castFloats(hidden, 'float32').data, features),
    logits: share,
    tokens: same / steps.ids.length,
  };
}

/** One row of the table. */
async function check(dtype, folder, { images, maxNewTokens }) {
  const { platform, found } = watched(nodePlatform());
  const model = await openModel(platform, id, { dtype });
  const captioner = new Captioner(platform, model);
  const maxLength = maxNewTokens - (model.manifest.tokens.forcedFirst === undefined ? 0 : 1);
  const numbers = [];
  const { isSplit } = found;
  const same = { greedy: 0, default: 0 };
  let milliseconds = 0;
  for (const image of images) {
    numbers.push(await compareNumbers(platform, model, folder, image));
    const path = join(folder, image.file);
    const greedy = await captioner.caption(path, { numBeams: 1, maxLength });
    const { numBeams } = model.manifest.generation;
    const usual = await captioner.caption(path, { numBeams, maxLength });
    if (isSame(greedy.text, image.captions.greedy)) same.greedy++;
    if (isSame(usual.text, image.captions.default)) same.default++;
    milliseconds += usual.timing.totalMs;
  }
  await captioner.dispose();
  const most = (pick) => Math.max(...numbers.map(pick));
  const mean = (pick) => numbers.reduce((sum, one) => sum + pick(one), 0) / numbers.length;
  return [
    dtype,
    most(({ pixels }) => pixels).toExponential(1),
    Math.min(...numbers.map(({ features }) => features.cosine)).toFixed(6),
    most(({ features }) => features.share).toExponential(1),
    most(({ logits }) => logits).toExponential(1),
    `${(100 * mean(({ tokens }) => tokens)).toFixed(0)} %`,
    `${same.greedy} of ${images.length}`,
    `${same.default} of ${images.length}`,
    (milliseconds / images.length).toFixed(0),
    isSplit ? 'in two parts' : 'whole',
  ];
}

/** The platform, and whether the decoder that was loaded last is in two parts, so that what it computes of the image runs once. */
function watched(platform) {
  const found = { isSplit: false };
  const createSession = async (graph, name, options) => {
    const session = await platform.createSession(graph, name, options);
    if (name.includes('decoder')) found.isSplit = options?.weightsBeside !== undefined;
    return session;
  };
  return { platform: { ...platform, createSession }, found };
}

/** Control characters are not part of captions here. */
function isSame(found, expected) {
  const plain = (text) =>
    text
      .replace(/(?!\s)\p{C}/gu, '')
      .replace(/\s+/g, ' ')
      .trim();
  return plain(found) === plain(expected);
}

const HEAD = [
  'weights',
  'pixels',
  'features, cosine',
  'features',
  'logits',
  'same next token',
  'same greedy',
  'same by default',
  'ms a caption',
  'decoder',
];

const folder = referenceFolder();
const reference = JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8'));
const rows = [];
for (const dtype of given.dtypes?.split(',') ?? DTYPES) {
  try {
    rows.push(await check(dtype, folder, reference));
  } catch (error) {
    // A kind of weights that the checkpoint does not have is left out, unless it was asked for.
    const isMissing = error.code === 'MODEL_FILE' && error.message.includes(`dtype "${dtype}"`);
    if (!isMissing || given.dtypes !== undefined) throw error;
  }
}
if (rows.length === 0) throw new Error(`${id} has no complete set of graphs in any kind of weights.`);
console.log(
  `${id}, compared with ${reference.source} in transformers ${reference.transformers}, ${reference.images.length} images.`,
);
console.log('Largest differences: of pixel values as they are, of features and logits as shares of the largest.\n');
console.log(markdownTable([HEAD, ...rows]));
