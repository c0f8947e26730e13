// Times whole captions of a captioner of full size, in turns with the libraries that people use today, all on the same random
// weights and the same picture:  node bench/full.mjs [--write] [folder] [fp32 | q8]…
//
// The folder keeps the models (made on the first run, by $PYTHON with what bench/full/make_models.py needs) and the JavaScript
// peer (installed on the first run). With --write results go to bench/results, and from there to docs/benchmarks.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPeer } from './full/install-peer.mjs';
import { takeTurns } from './full/take-turns.mjs';
import { writeReport } from './report.mjs';
import { givenArguments, saveResults } from './results.mjs';

const WORDS = 16;
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const [given, ...dtypes] = givenArguments;
const folder = resolve(given ?? join(tmpdir(), 'captioneer-full-size'));
const python = process.env.PYTHON ?? 'python3';
const script = (name) => fileURLToPath(new URL(`full/${name}`, import.meta.url));
const picture = join(folder, 'picture.bin');
const jsPeer = join(folder, 'transformers-js');

function prepare() {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'sizes.json'))) {
    execFileSync(python, [script('make_models.py'), folder], { stdio: 'inherit' });
  }
  installPeer(jsPeer);
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

prepare();
const stepBytes = JSON.parse(readFileSync(join(folder, 'sizes.json'), 'utf8'));
for (const dtype of dtypes.length > 0 ? dtypes : ['fp32', 'q8']) {
  const load = [loadavg()[0]];
  const outcome = await takeTurns(contestants(dtype), { rounds: ROUNDS, words: WORDS });
  load.push(loadavg()[0]);
  saveResults(`full-${dtype}`, { words: WORDS, rounds: ROUNDS, load, stepBytes, ...outcome });
}
await writeReport();
