// Times whole captions of a captioner of full size, in turns with the libraries that people use today, all on the same random
// weights and the same picture:  node bench/full.mjs [folder] [fp32 | q8]…
//
// The folder keeps the models (made on the first run, by $PYTHON with what bench/full/make_models.py needs) and the JavaScript
// peer (installed on the first run). Results go to bench/results, and from there to docs/benchmarks.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Runner } from './full/runner.mjs';
import { writeReport } from './report.mjs';
import { saveResults } from './results.mjs';
import { median, quantile } from './statistics.mjs';

const WORDS = 16;
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const [given, ...dtypes] = process.argv.slice(2);
const folder = resolve(given ?? join(tmpdir(), 'captioneer-full-size'));
const python = process.env.PYTHON ?? 'python3';
const script = (name) => fileURLToPath(new URL(`full/${name}`, import.meta.url));
const picture = join(folder, 'picture.bin');
const jsPeer = join(folder, 'transformers-js');

function prepare() {
  mkdirSync(jsPeer, { recursive: true });
  if (!existsSync(join(folder, 'sizes.json'))) {
    execFileSync(python, [script('make_models.py'), folder], { stdio: 'inherit' });
  }
  if (existsSync(join(jsPeer, 'node_modules'))) return;
  writeFileSync(join(jsPeer, 'package.json'), '{ "private": true }\n');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '@huggingface/transformers@latest'];
  execFileSync('npm', install, { cwd: jsPeer, stdio: 'inherit' });
}

/** What is timed, by name: how to start it, and with how many beams it captions. */
function contestants(dtype) {
  const node = process.execPath;
  const all = {
    'captioneer, own layout': [node, [script('captioneer.mjs'), join(folder, `own-${dtype}`), picture], [1, 4]],
    'captioneer, public layout': [node, [script('captioneer.mjs'), join(folder, 'public'), picture, dtype], [1, 4]],
    '@huggingface/transformers': [
      node,
      [script('transformers-js.mjs'), jsPeer, join(folder, 'public'), picture, dtype],
      [1],
    ],
  };
  const hasPyTorch = spawnSync(python, ['-c', 'import torch, transformers']).status === 0;
  if (dtype !== 'fp32' || !hasPyTorch) return all;
  return {
    ...all,
    'transformers on PyTorch': [python, [script('pytorch.py'), join(folder, 'checkpoint'), picture], [1, 4]],
  };
}

async function measure(dtype) {
  const entries = Object.entries(contestants(dtype));
  const runners = [];
  for (const [name, [command, args, beams]] of entries) {
    runners.push({ name, beams, runner: await new Runner(command, args).ready() });
  }
  const rows = runners.flatMap(({ name, beams, runner }) =>
    beams.map((numBeams) => ({ name, numBeams, runner, answers: [] })),
  );
  for (let round = -1; round < ROUNDS; round++) {
    for (const { runner, numBeams, answers } of rows) {
      const outcome = await runner.ask({ numBeams, words: WORDS });
      if (round >= 0) answers.push(outcome); // the first is for warming up
    }
  }
  for (const { runner } of runners) runner.end();
  const versions = Object.assign({}, ...runners.map(({ runner }) => runner.about.versions));
  const bandwidth = runners.map(({ runner }) => runner.about.bandwidth).find(Boolean);
  return { versions, bandwidth, rows: rows.map(summarise) };
}

/** Medians of what one contestant answered. */
function summarise({ name, numBeams, answers }) {
  const of = (field) => (field in answers[0] ? median(answers.map((outcome) => outcome[field])) : undefined);
  return {
    name,
    numBeams,
    ms: of('ms'),
    p95: quantile(
      answers.map(({ ms }) => ms),
      0.95,
    ),
    encoderMs: of('encoderMs'),
    decoderMs: of('decoderMs'),
    preprocessMs: of('preprocessMs'),
    steps: of('steps'),
    peakBytes: Math.max(...answers.map(({ peakBytes }) => peakBytes ?? 0)) || undefined,
    ids: answers[0].ids,
  };
}

prepare();
const stepBytes = JSON.parse(readFileSync(join(folder, 'sizes.json'), 'utf8'));
for (const dtype of dtypes.length > 0 ? dtypes : ['fp32', 'q8']) {
  saveResults(`full-${dtype}`, { words: WORDS, rounds: ROUNDS, stepBytes, ...(await measure(dtype)) });
}
await writeReport();
