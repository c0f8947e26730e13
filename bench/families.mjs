// Times whole captions by the other families at their public size, in turns with PyTorch, on the same random weights and the same
// picture:  node bench/families.mjs [--write] [folder]
//
// The folder keeps the models, which the first run makes by $PYTHON with what test/exporters/full_size.py needs. With --write results
// go to bench/results, and from there to docs/benchmarks.md.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeTurns } from './full/take-turns.mjs';
import { writeReport } from './report.mjs';
import { givenArguments, saveResults } from './results.mjs';

const WORDS = 16;
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const folder = resolve(givenArguments[0] ?? join(tmpdir(), 'captioneer-families'));
const python = process.env.PYTHON ?? 'python3';
const script = (name) => fileURLToPath(new URL(`full/${name}`, import.meta.url));

/** Rows of test/exporters/full_size.py, and their folders. */
const FAMILIES = {
  'ClipCap, MLP, ViT-B/32': 'clip-prefix',
  'Show, Attend and Tell, ResNet-101': 'attention',
  'Inception-LSTM, 3 × 512': 'inception-lstm',
};

const families = [];
const versions = {};
for (const [checkpoint, name] of Object.entries(FAMILIES)) {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  // PyTorch comes first: it makes the model that the library loads.
  const contestants = {
    PyTorch: [python, [script('family.py'), checkpoint, place], [1]],
    captioneer: [
      process.execPath,
      [script('captioneer.mjs'), join(place, 'model'), join(place, 'picture.bin')],
      [1, 4],
    ],
  };
  const outcome = await takeTurns(contestants, { rounds: ROUNDS, words: WORDS });
  Object.assign(versions, outcome.versions);
  families.push({ checkpoint, rows: outcome.rows });
}
saveResults('families', { words: WORDS, rounds: ROUNDS, versions, families });
await writeReport();
