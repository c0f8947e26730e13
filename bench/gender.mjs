/**
 * How often one model names the wrong gender as it is, and from which evidence on `confident` should let it name one:
 *
 *   node bench/gender.mjs --images dir --references captions.tsv [--model folder] [--cache file.jsonl]
 *
 * The references are a table with a header line and the columns image and caption. Only images whose references name one gender
 * count. What the model says is kept in the cache, so that an interrupted run goes on where it ended; give each model a cache of its
 * own. The thresholds that it prints belong into the manifest's field `gender`. `captioneer eval` draws the whole curve, and
 * bench/original-comparison.mjs compares models. Build first (npm run build).
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GENDER_EN } from '../dist/bias/index.js';
import { Answers } from './gender/answers.mjs';
import { rateText, readCorpus } from './gender/corpus.mjs';
import { chooseThresholds, countNamed, countsAt, sumCounts } from './gender/thresholds.mjs';

const { values: given } = parseArgs({
  options: {
    images: { type: 'string' },
    references: { type: 'string' },
    model: { type: 'string' },
    cache: { type: 'string', default: join(tmpdir(), 'captioneer-gender-cache.jsonl') },
  },
});
if (!given.images || !given.references) {
  console.error('Give --images and --references; see the head of this file.');
  process.exit(2);
}

const { labels, labelled } = readCorpus(given.references);
const answers = await Answers.open(given);
const rows = [];
for (const [index, name] of labelled.entries()) {
  const { logOdds, captions } = await answers.evidence(name);
  const categoryOf = (text) => GENDER_EN.categorize(text);
  rows.push({
    label: labels.get(name),
    logOdds,
    male: categoryOf(captions.male),
    female: categoryOf(captions.female),
    asIs: categoryOf(await answers.caption(name, 'as-is')),
  });
  if ((index + 1) % 50 === 0) console.error(`${index + 1} of ${labelled.length}`);
}
await answers.dispose();

function print(what, counts) {
  const rate = ({ wrong, named }) => rateText({ count: wrong, total: named, interval: null });
  const { male, female } = counts;
  const all = { wrong: male.wrong + female.wrong, named: male.named + female.named };
  const coverage = rateText({ count: all.named, total: rows.length, interval: null });
  console.log(`${what}: wrong ${rate(all)}, men ${rate(male)}, women ${rate(female)}, coverage ${coverage}`);
}

const { name, version, gender } = answers.manifest;
console.log(`${name} ${version ?? ''}: ${rows.length} images whose references name one gender`);
print(
  'as-is',
  countNamed(rows, ({ asIs }) => asIs),
);
if (gender?.thresholds)
  print(`thresholds of the manifest ${JSON.stringify(gender.thresholds)}`, countsAt(rows, gender.thresholds));
const chosen = chooseThresholds(rows);
if (chosen) print(`chosen here ${JSON.stringify(chosen)}`, countsAt(rows, chosen));
// What such a choice is worth on images that it was not made on.
const folds = Array.from({ length: 5 }, (_, fold) => {
  const thresholds = chooseThresholds(rows.filter((_, index) => index % 5 !== fold));
  const others = rows.filter((_, index) => index % 5 === fold);
  return thresholds ? countsAt(others, thresholds) : countNamed([], () => undefined);
});
print('chosen on four fifths, on the other', folds.reduce(sumCounts));
