// Times captions with model folders, and their memory, each in a process of its own, one after the other and again:
//     node bench/model-folder.mjs [--rounds <n>] <model folder> …          (after `npm run build`)
//
// A caption is greedy, of 10 tokens. Weights may be random: the work is the same.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inOwnProcess } from './own-process.mjs';
import { median, printTable } from './statistics.mjs';

const [TOKENS, CAPTIONS] = [10, 2];
const image = fileURLToPath(new URL('../docs/images/cat.jpg', import.meta.url));

/** The most memory that was ever resident, in megabytes. */
function peakMegabytes() {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
  return (1024 * Number(kilobytes)) / 1e6;
}

/** In a process of its own: loads a model, captions once, then a few times more. */
async function time(folder) {
  const { Captioner } = await import('../dist/index.js');
  const started = performance.now();
  const captioner = await Captioner.load(folder);
  const loadMs = performance.now() - started;
  const options = { numBeams: 1, minLength: TOKENS, maxLength: TOKENS };
  await captioner.caption(image, options);
  const timings = [];
  const before = process.cpuUsage();
  for (let n = 0; n < CAPTIONS; n++) timings.push((await captioner.caption(image, options)).timing);
  const { user, system } = process.cpuUsage(before); // on a busy machine this tells more than the clock
  await captioner.dispose();
  console.log(JSON.stringify({ loadMs, timings, cpuMs: (user + system) / 1000 / CAPTIONS, peak: peakMegabytes() }));
}

const { values, positionals: folders } = parseArgs({
  options: { rounds: { type: 'string', default: '2' }, child: { type: 'boolean' } },
  allowPositionals: true,
});
const ROUNDS = Number(values.rounds);
if (values.child) await time(folders[0]);
else {
  const found = Object.fromEntries(folders.map((folder) => [folder, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const folder of folders) {
      found[folder].push(JSON.parse(inOwnProcess(fileURLToPath(import.meta.url), [folder])));
    }
  }
  const rows = [['model', 'MB', 'load ms', 'caption ms', 'CPU ms', 'encoder', 'a token', 'peak MB']];
  for (const [folder, runs] of Object.entries(found)) {
    const size = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    const timings = runs.flatMap((run) => run.timings);
    const of = (part) => median(timings.map((timing) => timing[part]));
    const peak = median(runs.map((run) => run.peak));
    const numbers = [
      median(runs.map((run) => run.loadMs)),
      of('totalMs'),
      of('encodeMs'),
      of('searchMs') / TOKENS,
      peak,
    ];
    rows.push([folder, (size / 1e6).toFixed(0), ...numbers.map((number) => number.toFixed(0))]);
  }
  printTable(rows);
  console.log(`${TOKENS} tokens, median of ${ROUNDS * CAPTIONS} captions; load average ${loadavg()[0].toFixed(1)}`);
}
