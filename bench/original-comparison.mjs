/**
 * The comparison of the original project redone: quality and gender misclassification of four architectures and the model in the
 * package, by one command:
 *
 *   node bench/original-comparison.mjs --images dir --references captions.tsv [--split dev] [--cache dir] [--write]
 *
 * The references are a table with a header line and the columns image and caption. Quality as-is is of all images; everything else of
 * those whose references name one gender, since only their errors can be counted. What models say is kept in the cache, so that an
 * interrupted run goes on where it ended. --write puts the tables into docs/results.md. Build first (npm run build).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { biasReport } from '../dist/bias/index.js';
import { evaluate } from '../dist/evaluation/index.js';
import { Answers } from './gender/answers.mjs';
import { rateText, readCorpus } from './gender/corpus.mjs';

const { values: given } = parseArgs({
  options: {
    images: { type: 'string' },
    references: { type: 'string' },
    split: { type: 'string', default: 'dev' },
    cache: { type: 'string', default: join(tmpdir(), 'captioneer-comparison') },
    write: { type: 'boolean', default: false },
  },
});
if (!given.images || !given.references) {
  console.error('Give --images and --references; see the head of this file.');
  process.exit(2);
}

const root = fileURLToPath(new URL('..', import.meta.url));
const MODELS = [
  ['Inception-LSTM', 'inception-lstm'],
  ['attention', 'resnet-soft-attention'],
  ['CLIP prefix', 'clip-prefix'],
  ['ViT-GPT2', 'vit-gpt2'],
  ['default', undefined],
];
const { references, names, labelled } = readCorpus(given.references);

/** Captions of one model at both settings, by image. */
async function captionsOf(folder) {
  const answers = await Answers.open({
    model: folder && join(root, 'models', folder),
    images: given.images,
    cache: join(given.cache, `${folder ?? 'default'}-${given.split}.jsonl`),
  });
  const asIs = [];
  const confident = [];
  for (const [index, image] of names.entries()) {
    asIs.push({ image, caption: await answers.caption(image, 'as-is') });
    if (labelled.includes(image)) confident.push({ image, caption: await answers.caption(image, 'confident') });
    if ((index + 1) % 100 === 0) console.error(`${folder ?? 'default'}: ${index + 1} of ${names.length}`);
  }
  await answers.dispose();
  return { asIs, confident };
}

const referencesOf = (images) => new Map(images.map((image) => [image, references.get(image)]));
const bias = (images) => biasReport(images, { leakage: false, bootstrap: { samples: 1000 } });

const systems = [];
for (const [name, folder] of MODELS) systems.push({ name, folder, ...(await captionsOf(folder)) });
const isLabelled = new Set(labelled);
const all = await evaluate({
  systems: systems.map(({ name, asIs }) => ({ name, captions: asIs })),
  references: referencesOf(names),
  split: given.split,
});
const byLabel = await evaluate({
  systems: systems.flatMap(({ name, asIs, confident }) => [
    { name: `${name} as-is`, captions: asIs.filter(({ image }) => isLabelled.has(image)) },
    { name: `${name} confident`, captions: confident },
  ]),
  references: referencesOf(labelled),
  split: given.split,
  bias,
});

const figure = ({ estimate, low, high }) => `${estimate.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
const table = (rows) => rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const quality = all.systems.map(({ name, scores }) => [name, figure(scores.bleu4), figure(scores.ciderD)]);
const gender = byLabel.systems.map(({ name, bias: { overall, groups, neutralCiderD } }) => {
  const [, model, setting] = /^(.*) (as-is|confident)$/u.exec(name);
  return [
    model,
    setting,
    rateText(overall.errorOfNamed),
    rateText(groups.male.errorOfNamed),
    rateText(groups.female.errorOfNamed),
    rateText(overall.errorOfLabelled, false),
    rateText(overall.coverage, false),
    figure(neutralCiderD.captions),
  ];
});
const text = [
  `Quality as-is, ${names.length} photographs of the ${given.split} split, with 95 % bootstrap intervals:`,
  table([['model', 'BLEU-4', 'CIDEr-D'], ['---', '---', '---'], ...quality]),
  `Gender, the ${labelled.length} of them whose references name one gender (at least three of five, none the other): captions that name ` +
    'the wrong gender, of those that name one, with counts and 95 % Wilson intervals:',
  table([
    ['model', '`gender`', 'wrong', 'men', 'women', 'wrong, of all labelled', 'coverage', 'CIDEr-D, gender neutralised'],
    Array(8).fill('---'),
    ...gender,
  ]),
].join('\n\n');
console.log(text);

if (given.write) {
  const file = join(root, 'docs', 'results.md');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const region = new RegExp(
    `(<!-- original comparison ${given.split} -->)[\\s\\S]*?(<!-- /original comparison ${given.split} -->)`,
  );
  if (!region.test(before)) throw new Error(`docs/results.md has no place for the split ${given.split}.`);
  writeFileSync(
    file,
    before.replace(region, (_, start, end) => `${start}\n\n${text}\n\n${end}`),
  );
}
