// Times whole captions of a Florence-2 of base size in turns with @huggingface/transformers, on the same random weights and the same
// picture:  node bench/florence-2.mjs [--write] [folder] [fp32 | q8 | q4]…
//
// The folder keeps the model (made on the first run, by $PYTHON with what test/exporters/requirements.txt lists) and the peer (installed
// on the first run). With --write results go to bench/results, and from there to docs/benchmarks.md.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPeer } from './full/install-peer.mjs';
import { takeTurns } from './full/take-turns.mjs';
import { writeReport } from './report.mjs';
import { givenArguments, saveResults } from './results.mjs';

const WORDS = 16;
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const [given, ...dtypes] = givenArguments;
const folder = resolve(given ?? join(tmpdir(), 'captioneer-florence-2'));
const script = (name) => fileURLToPath(new URL(`full/${name}`, import.meta.url));
const [model, picture, peer] = ['florence-2', 'picture.bin', 'transformers-js'].map((name) => join(folder, name));

if (!existsSync(picture)) {
  execFileSync(process.env.PYTHON ?? 'python3', [script('make_florence_2.py'), folder], { stdio: 'inherit' });
}
installPeer(peer);
for (const dtype of dtypes.length > 0 ? dtypes : ['fp32', 'q8', 'q4']) {
  const load = [loadavg()[0]];
  const outcome = await takeTurns(
    {
      // In processes of their own, whose peaks of memory compare with that of the peer, which is greedy.
      captioneer: [process.execPath, [script('captioneer.mjs'), model, picture, dtype], [1]],
      'captioneer with beams': [process.execPath, [script('captioneer.mjs'), model, picture, dtype], [3]],
      '@huggingface/transformers': [
        process.execPath,
        [script('florence-2-peer.mjs'), peer, model, picture, dtype],
        [1],
      ],
    },
    { rounds: ROUNDS, words: WORDS },
  );
  load.push(loadavg()[0]);
  saveResults(`florence-2-${dtype}`, { words: WORDS, rounds: ROUNDS, load, ...outcome });
}
await writeReport();
