// Compares the models of models/: their size, what was measured of them, their speed here, and what each says of the same pictures.
//
//     node scripts/compare-models.mjs           prints
//     node scripts/compare-models.mjs --write   puts the tables into README.md and docs/results.md
//
// Quality is what the manifests state (training/README.md, "Measuring what ships"); all else is measured now.
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable, writeMarkdown } from '../bench/markdown.mjs';
import { median } from '../bench/statistics.mjs';
import { Captioner } from '../dist/index.js';

const CAPTIONS = 15;
const root = fileURLToPath(new URL('..', import.meta.url));
const models = join(root, 'models');
const PICTURES = readdirSync(join(root, 'docs', 'images')).filter((name) => name.endsWith('.jpg'));
const CORPORA = { 'flickr8k dev': 'Flickr8k dev', 'general dev': '`general` dev' };
const MEASURES = {
  bleu1: 'BLEU-1',
  bleu2: 'BLEU-2',
  bleu3: 'BLEU-3',
  bleu4: 'BLEU-4',
  rougeL: 'ROUGE-L',
  ciderD: 'CIDEr-D',
};

/** What is known of a model, and its captions of all pictures, as its manifest has it decode. */
async function measure(folder) {
  const manifest = JSON.parse(readFileSync(join(models, folder, 'captioneer.json'), 'utf8'));
  const { graphs, tokenizer } = manifest;
  const bytes = graphs.encoder.bytes + graphs.decoder.bytes + tokenizer.bytes;
  const captioner = await Captioner.load(join(models, folder));
  const captions = {};
  for (const name of PICTURES) captions[name] = (await captioner.caption(join(root, 'docs', 'images', name))).text;
  const times = [];
  for (let i = 0; i < CAPTIONS; i++) {
    times.push((await captioner.caption(join(root, 'docs', 'images', PICTURES[i % PICTURES.length]))).timing.totalMs);
  }
  await captioner.dispose();
  return { folder, manifest, bytes, captions, milliseconds: median(times) };
}

const link = ({ folder }, from) => `[\`${folder}\`](${from}models/${folder}/README.md)`;
const number = (value) => value?.toFixed(3) ?? '–';
const size = ({ bytes }) => `${(bytes / 1e6).toFixed(1)} MB`;
const weights = ({ manifest }) => (manifest.parameters ? `${(manifest.parameters / 1e6).toFixed(1)} M` : '–');
const isOfPhotographs = ({ manifest }) => Object.keys(CORPORA).some((corpus) => manifest.quality?.[corpus]);

/** One row a model: the measure that sums the others up. */
function overview(results) {
  const head = [
    'model',
    'family',
    'weights',
    'size',
    'a caption',
    ...Object.values(CORPORA).map((name) => `CIDEr-D, ${name}`),
  ];
  const rows = results.map((result) => [
    link(result, ''),
    `\`${result.manifest.family}\``,
    weights(result),
    size(result),
    `${result.milliseconds.toFixed(0)} ms`,
    ...Object.keys(CORPORA).map((corpus) => number(result.manifest.quality?.[corpus]?.ciderD)),
  ]);
  return markdownTable([head, ...rows]);
}

/** One row a model: all measures on one corpus. */
const quality = (results, corpus) =>
  markdownTable([
    [`${CORPORA[corpus]}`, ...Object.values(MEASURES)],
    ...results.map((result) => [
      link(result, '../'),
      ...Object.keys(MEASURES).map((measure) => number(result.manifest.quality[corpus]?.[measure])),
    ]),
  ]);

/** One column a picture, one row a model. */
const sideBySide = (results) =>
  markdownTable([
    ['', ...PICTURES.map((name) => `<img src="images/${name}" width="160" alt="${name.replace('.jpg', '')}">`)],
    ...results.map((result) => [link(result, '../'), ...PICTURES.map((name) => result.captions[name])]),
  ]);

/** Replaces what stands between the two comments of that name. */
async function replaceBlock(path, name, text) {
  const file = join(root, path);
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const whole = readFileSync(file, 'utf8');
  if (!whole.includes(start) || !whole.includes(end))
    throw new Error(`${path}: no ${start} … ${end} to write between.`);
  const changed = `${whole.slice(0, whole.indexOf(start) + start.length)}\n\n${text}\n\n${whole.slice(whole.indexOf(end))}`;
  await writeMarkdown(file, changed);
}

const results = [];
for (const folder of readdirSync(models).sort()) results.push(await measure(folder));
const ofPhotographs = results.filter(isOfPhotographs);
const speed = `A caption: the median of ${CAPTIONS}, decoding of the picture included, with the search of each model's manifest, on ${cpus().length} × ${cpus()[0].model}.`;
const blocks = [
  ['README.md', 'comparison', `${overview(results)}\n\n${speed}`],
  ...Object.keys(CORPORA).map((corpus) => ['docs/results.md', corpus, quality(ofPhotographs, corpus)]),
  ['docs/results.md', 'side by side', sideBySide(ofPhotographs)],
];
for (const [path, name, text] of blocks) {
  if (process.argv.includes('--write')) await replaceBlock(path, name, text);
  else console.log(`${path}: ${name}\n\n${text}\n`);
}
