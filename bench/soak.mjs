// Load and leaks: captions, calls at once, aborts, loads and worker restarts, each in a process of its own.
//
//     node bench/soak.mjs [--write] [--only captions,calls,aborts,loads,workers] [--count N] [--model FOLDER] [--short]
//
// `--short` takes a small model and few turns, for CI. `--write` keeps the parts that ran, beside those of earlier runs, in
// bench/results/soak.json and in docs/reliability.md. Ends with status 1 if a part does not hold.
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { aborts } from './soak/aborts.mjs';
import { calls } from './soak/calls.mjs';
import { captions } from './soak/captions.mjs';
import { loads } from './soak/loads.mjs';
import { writeSoakReport } from './soak/report.mjs';
import { workers } from './soak/workers.mjs';
import { readResults, saveResults } from './results.mjs';

/** Turns of the long form and of the short one. */
const PARTS = {
  captions: { run: captions, turns: 10_000, short: 120 },
  calls: { run: calls, turns: 640, short: 64 },
  aborts: { run: aborts, turns: 1000, short: 18 },
  loads: { run: loads, turns: 200, short: 3 },
  workers: { run: workers, turns: 50, short: 2 },
};
const MAX_MINUTES = 120;
/** Share by which memory may grow after the warm-up. */
const MOST_GROWTH = { long: 0.05, short: 0.25 };
const SMALL_MODEL = fileURLToPath(new URL('../test/fixtures/families/vit-gpt2', import.meta.url));
const self = fileURLToPath(import.meta.url);

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(PARTS).join(',') },
    count: { type: 'string' },
    model: { type: 'string' },
    short: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    child: { type: 'string' },
  },
});

/** One part in a process of its own; its result is the last line that it prints. */
function runPart(name) {
  const { turns, short } = PARTS[name];
  const count = values.count ?? String(values.short ? short : turns);
  const model = values.model ?? (values.short ? SMALL_MODEL : undefined);
  const args = [
    '--expose-gc',
    self,
    '--child',
    name,
    '--count',
    count,
    ...(model ? ['--model', model] : []),
    ...(values.short ? ['--short'] : []),
  ];
  const started = performance.now();
  const { status, stdout, signal } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: MAX_MINUTES * 60_000,
  });
  const base = { turns: Number(count), minutes: (performance.now() - started) / 60_000, load: loadavg()[2] };
  const last = stdout.trim().split('\n').at(-1);
  if (status !== 0 || !last) return { ...base, holds: false, checks: { [`ended (${signal ?? status})`]: false } };
  const { checks, ...figures } = JSON.parse(last);
  const date = new Date().toISOString().slice(0, 10);
  return { ...base, date, ...figures, holds: Object.values(checks).every(Boolean), checks };
}

if (values.child) {
  const unhandled = [];
  process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));
  const { checks, ...figures } = await PARTS[values.child].run(
    Number(values.count),
    values.model,
    values.short ? MOST_GROWTH.short : MOST_GROWTH.long,
  );
  await wait(100); // what was rejected a moment ago
  if (unhandled.length > 0) console.error(unhandled.slice(0, 5));
  console.log(JSON.stringify({ ...figures, checks: { ...checks, 'no unhandled rejection': unhandled.length === 0 } }));
} else {
  const names = values.only.split(',');
  const unknown = names.find((name) => !(name in PARTS));
  if (unknown !== undefined) throw new Error(`There is no part ${unknown}: ${Object.keys(PARTS).join(', ')}.`);
  const parts = Object.fromEntries(names.map((name) => [name, runPart(name)]));
  saveResults('soak', { parts: { ...(values.write && readResults('soak')?.parts), ...parts } });
  if (values.write) await writeSoakReport();
  process.exitCode = Object.values(parts).every(({ holds }) => holds) ? 0 : 1;
}
