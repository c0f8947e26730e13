/**
 * Error, coverage and quality of the gender settings on a corpus, and the thresholds of `confident`, by one command:
 *
 *   node bench/gender.mjs --images dir --references captions.tsv [--model folder] [--cache file.jsonl] [--json file] [--curves 200]
 *
 * The references are a table with a header line and the columns image and caption. What a model says is kept in the cache, so
 * that an interrupted run goes on where it ended; give each model a cache of its own. --curves compares all methods on so many
 * of the labelled images.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  biasReport,
  createGenderPolicy,
  confidenceGate,
  createNeutralRewriter,
  DEFAULT_GENDER_THRESHOLDS,
  GENDER_EN,
  genderVerdict,
  groupGate,
  groupLogOdds,
  groupWords,
  labelFromReferences,
  rerankByGroup,
  subtractPrior,
  viewImage,
} from '../dist/bias/index.js';
import { nodePlatform, openModel } from '../dist/index.js';
import { toPixelValues } from '../dist/preprocess/index.js';
import { search } from '../dist/search/index.js';

const { values: given } = parseArgs({
  options: {
    images: { type: 'string' },
    references: { type: 'string' },
    model: { type: 'string' },
    cache: { type: 'string', default: join(tmpdir(), 'captioneer-gender-cache.jsonl') },
    json: { type: 'string' },
    curves: { type: 'string', default: '0' },
  },
});
if (!given.images || !given.references) {
  console.error('Give --images and --references; see the head of this file.');
  process.exit(2);
}

/** What the settings of one method are tried at. */
const DELTAS = [0.8, 0.95];
const ALPHAS = [1];

const references = new Map();
for (const line of readFileSync(given.references, 'utf8').trim().split('\n').slice(1)) {
  const [image, caption] = line.split('\t');
  references.set(image, [...(references.get(image) ?? []), caption]);
}
const labels = new Map([...references].map(([image, texts]) => [image, labelFromReferences(texts, GENDER_EN)]));
const label = (image) => labels.get(image);
const labelled = [...references.keys()].filter((name) => label(name) !== null);
const compared = labelled.slice(0, Number(given.curves));

const platform = nodePlatform();
const model = await openModel(platform, given.model);
const { tokenizer, manifest, decoder, encoder } = model;
const { start, end, banned } = manifest.tokens;
const { views } = createGenderPolicy('confident', { tokenizer });
const generation = { ...manifest.generation };
for (const name of ['whenBeamEnds', 'beamVariant', 'earlyStopping']) delete generation[name];
const options = { ...generation, startTokenIds: start, endTokenIds: end, bannedTokenIds: banned };
const gate = (...allowed) => [groupGate({ tokenizer, lexicon: GENDER_EN, allowed })];
const encode = (image) => encoder.encode(toPixelValues(image, manifest.image));
const say = async (encoded, more = {}, by = decoder) => {
  const found = await search(by, encoded, { ...options, ...more });
  return found.map(({ tokenIds, logProb }) => ({ text: tokenizer.decode(tokenIds).trim(), logProb }));
};
const best = async (...args) => (await say(...args))[0].text;

/** All that is asked about one image, by name: the evidence and the captions of each verdict, and with --curves of each method. */
async function ask(name) {
  const raw = await platform.decodeImage(join(given.images, name));
  const encoded = [];
  for (const view of views) encoded.push(await encode(viewImage(raw, view)));
  const [whole] = encoded;
  const odds = await groupLogOdds({ decoder, tokenizer, startTokenIds: start }, GENDER_EN, encoded);
  const captions = { 'as-is': await best(whole), none: await best(whole, { logitsProcessors: gate() }) };
  for (const gender of ['male', 'female']) {
    captions[gender] = await best(whole, { logitsProcessors: gate(gender) });
  }
  if (compared.includes(name)) {
    const bannedPhrases = groupWords(GENDER_EN)
      .map((word) => tokenizer.encode(word))
      .filter((ids) => ids.length > 0);
    captions.banned = await best(whole, { bannedPhrases });
    for (const delta of DELTAS) {
      const logitsProcessors = [confidenceGate({ tokenizer, lexicon: GENDER_EN, delta })];
      captions[`gate ${delta}`] = await best(whole, { logitsProcessors });
    }
    const blurred = await encode(blur(raw));
    for (const alpha of ALPHAS) {
      const paired = subtractPrior(decoder, {
        tokenizer,
        lexicon: GENDER_EN,
        prior: blurred,
        alpha,
        numStartTokens: start.length,
      });
      captions[`prior ${alpha}`] = await best(whole, {}, paired);
    }
    const numBeams = Math.max(6, options.numBeams ?? 1);
    captions.beams = await say(whole, { numBeams, numCaptions: numBeams });
  }
  return { name, odds, captions };
}

/** An image in which people cannot be made out: the mean of 16 × 16 squares. */
function blur({ data, width, height }) {
  const squares = 14;
  const sums = new Float64Array(squares * squares * 4);
  const square = (x, y) => (Math.floor((y * squares) / height) * squares + Math.floor((x * squares) / width)) * 4;
  const pixels = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = square(x, y);
      for (let c = 0; c < 3; c++) sums[at + c] += data[(y * width + x) * 3 + c];
      sums[at + 3]++;
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = square(x, y);
      for (let c = 0; c < 3; c++) pixels[(y * width + x) * 3 + c] = sums[at + c] / sums[at + 3];
    }
  }
  return { data: pixels, width, height };
}

const cached = existsSync(given.cache) ? readFileSync(given.cache, 'utf8').trim().split('\n').filter(Boolean) : [];
const answers = new Map(cached.map((line) => JSON.parse(line)).map((answer) => [answer.name, answer]));
const started = Date.now();
for (const name of new Set([...labelled, ...references.keys()])) {
  if (answers.has(name)) continue;
  const answer = await ask(name);
  answers.set(name, answer);
  appendFileSync(given.cache, `${JSON.stringify(answer)}\n`);
  if (answers.size % 50 === 0)
    console.error(`${answers.size} of ${references.size}, ${(Date.now() - started) / 1000} s`);
}
await model.release();

const rewrite = createNeutralRewriter(GENDER_EN);
/** The report of what a method says. */
const report = (textOf, names = [...references.keys()]) =>
  biasReport(
    names.map((name) => ({ id: name, caption: textOf(answers.get(name)), references: references.get(name) })),
    { leakage: false, bootstrap: { samples: 200 } },
  );
const verdictOf = ({ odds }, thresholds) => genderVerdict(odds, thresholds);
const confident = (thresholds) => (answer) => answer.captions[verdictOf(answer, thresholds)];
const percent = (value) => (value === null || value === undefined ? '–' : `${(100 * value).toFixed(1)} %`);

const rows = [];
function row(method, textOf, names) {
  const { overall, groups, neutralCiderD, joint, outcomeDivergence } = report(textOf, names);
  rows.push({
    method,
    error: percent(overall.errorOfNamed.value),
    wrong: `${overall.wrong}/${overall.correct + overall.wrong}`,
    men: percent(groups.male.errorOfNamed.value),
    women: percent(groups.female.errorOfNamed.value),
    'of labelled': percent(overall.errorOfLabelled.value),
    coverage: percent(overall.coverage.value),
    'CIDEr-D neutral': neutralCiderD.captions?.estimate.toFixed(4),
    Q: joint.quality?.estimate.toFixed(3),
    G: joint.fidelity?.estimate.toFixed(3),
    J: joint.score?.estimate.toFixed(3),
    divergence: outcomeDivergence?.estimate.toFixed(3),
  });
}

row('as-is', ({ captions }) => captions['as-is']);
row('confident', confident(DEFAULT_GENDER_THRESHOLDS));
row('neutral', ({ captions }) => rewrite(captions.none));
console.log(`${basename(given.references)}, model ${manifest.name} ${manifest.version}, ${references.size} images`);
console.table(rows.splice(0));

if (compared.length > 0) {
  row('as-is', ({ captions }) => captions['as-is'], compared);
  row('bans', ({ captions }) => captions.banned, compared);
  row('rewriting', ({ captions }) => rewrite(captions['as-is']), compared);
  for (const delta of DELTAS) row(`gate ${delta}`, ({ captions }) => captions[`gate ${delta}`], compared);
  for (const alpha of ALPHAS) row(`prior ${alpha}`, ({ captions }) => captions[`prior ${alpha}`], compared);
  for (const delta of DELTAS)
    row(`beams ${delta}`, ({ captions }) => rerankByGroup(captions.beams, GENDER_EN, delta)[0].text, compared);
  for (const male of [0, 0.5, 1, 1.5, 2, 2.5, 3]) {
    const thresholds = { male, female: Math.min(male - 0.1, 1.85 - male) };
    row(`views ${thresholds.male}/${thresholds.female.toFixed(1)}`, confident(thresholds), compared);
  }
  console.log(`Some labelled images (${compared.length}):`);
  console.table(rows.splice(0));
}

/** Counts of right and wrong captions at thresholds. */
function countsAt(names, thresholds) {
  const counts = { male: [0, 0], female: [0, 0] };
  for (const name of names) {
    const own = label(name);
    const said = categories.get(name)[verdictOf(answers.get(name), thresholds)];
    if (own !== null && (said === 'male' || said === 'female')) counts[own][said === own ? 0 : 1]++;
  }
  return counts;
}

/** The thresholds of the largest coverage that keep to an error over all and in each group. */
function choose(names, mostError, mostGroupError) {
  let chosen;
  for (let male = 0; male <= 4; male += 0.1) {
    for (let female = -3; female < male; female += 0.1) {
      const { male: men, female: women } = countsAt(names, { male, female });
      const named = men[0] + men[1] + women[0] + women[1];
      const isKept =
        men[1] + women[1] <= mostError * named &&
        men[1] <= mostGroupError * (men[0] + men[1]) &&
        women[1] <= mostGroupError * (women[0] + women[1]);
      if (isKept && named > (chosen?.named ?? 0)) chosen = { male, female, named, men, women };
    }
  }
  return chosen;
}

const categories = new Map(
  labelled.map((name) => {
    const { captions } = answers.get(name);
    const of = (verdict) => GENDER_EN.categorize(captions[verdict]);
    return [name, { male: of('male'), female: of('female'), none: of('none') }];
  }),
);
const chosen = choose(labelled, 0.055, 0.075);
console.log('Thresholds chosen here, for at most 5.5 % over all and 7.5 % in a group:', chosen);
// What such a choice is worth on images that it was not made on.
const total = { wrong: 0, named: 0 };
for (let fold = 0; fold < 5; fold++) {
  const rest = labelled.filter((_, index) => index % 5 !== fold);
  const thresholds = choose(rest, 0.055, 0.075);
  if (!thresholds) continue;
  const { male, female } = countsAt(
    labelled.filter((_, index) => index % 5 === fold),
    thresholds,
  );
  total.wrong += male[1] + female[1];
  total.named += male[0] + male[1] + female[0] + female[1];
}
console.log(
  `Chosen on four fifths, on the other: ${percent(total.wrong / total.named)} wrong, coverage ${percent(total.named / labelled.length)}`,
);
if (given.json) {
  const full = {
    'as-is': report(({ captions }) => captions['as-is']),
    confident: report(confident(DEFAULT_GENDER_THRESHOLDS)),
  };
  writeFileSync(given.json, JSON.stringify(full, null, 1));
}
