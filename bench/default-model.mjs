// Times the default model: each part of a caption, the whole, memory and cold start, beside a peer in the same run.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openModel } from '../dist/authors/index.js';
import { Captioner } from '../dist/index.js';
import { makePictures } from './pictures.mjs';
import { median, printTable, quantile, spread, sum } from './statistics.mjs';
import { timedPlatform } from './watched-platform.mjs';

const CAPTIONS = Number(process.env.CAPTIONS ?? 40);
const ROUNDS = 4;
const root = fileURLToPath(new URL('..', import.meta.url));
const model = join(root, 'models', 'default');
const example = join(root, 'docs', 'images', 'cat.jpg');

/** Captions one picture again and again; gives the times of each part. */
async function timeCaptions(captioner, runs, picture, count) {
  const times = { decode: [], preprocess: [], encode: [], word: [], whole: [], sessions: [], fromPixels: [] };
  let text = '';
  for (let i = 0; i < count + 3; i++) {
    runs.encoder.length = runs.decoder.length = 0;
    const result = await captioner.caption(picture, { numBeams: 3 });
    text = result.text;
    if (i < 3) continue; // warm-up
    const { timing } = result;
    times.decode.push(timing.decodeMs);
    times.preprocess.push(timing.preprocessMs);
    times.encode.push(timing.encodeMs);
    times.word.push(timing.searchMs / runs.decoder.length);
    times.whole.push(timing.totalMs);
    times.sessions.push(sum(runs.encoder) + sum(runs.decoder));
    times.fromPixels.push(timing.totalMs - timing.decodeMs - timing.preprocessMs);
  }
  return { times, text };
}

/** Wall-clock milliseconds from the start of a process to its caption, and its peak memory. */
function coldStarts(count) {
  const script = join(root, 'dist', 'cli', 'main.js');
  return Array.from({ length: count }, () => {
    const started = performance.now();
    execFileSync(process.execPath, [script, example], { stdio: ['ignore', 'pipe', 'inherit'] });
    return performance.now() - started;
  });
}

/** The same model folder under onnxruntime's Python package, or nothing where that is not installed. */
function peer(picture, count) {
  const python = process.env.PYTHON ?? 'python3';
  const run = spawnSync(python, [join(root, 'bench', 'peer.py'), model, picture, String(count)], { encoding: 'utf8' });
  return run.status === 0 ? JSON.parse(run.stdout) : undefined;
}

/** Times captions of one picture, in turns with the peer. */
async function measure(picture) {
  const { platform, runs } = timedPlatform();
  const captioner = new Captioner(platform, await openModel(platform));
  const perRound = Math.ceil(CAPTIONS / ROUNDS);
  const all = { decode: [], preprocess: [], encode: [], word: [], whole: [], sessions: [], fromPixels: [] };
  const others = [];
  let text = '';
  let version = '';
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const ours = await timeCaptions(captioner, runs, picture, perRound);
      text = ours.text;
      for (const key of Object.keys(all)) all[key].push(...ours.times[key]);
      const other = peer(picture, perRound);
      if (other) {
        others.push(...other.milliseconds);
        version = other.version;
      }
    }
  } finally {
    await captioner.dispose();
  }
  return { all, others, text, version };
}

async function benchPicture(name, picture) {
  const { all, others, text, version } = await measure(picture);
  const ratio = (a, b) => (median(a) / median(b)).toFixed(2);
  const outside = all.whole.map((whole, i) => 100 * (1 - all.sessions[i] / whole));
  console.log(`\n${name}: "${text}"`);
  printTable([
    ['decode the picture', `${spread(all.decode)} ms`],
    ['preprocess', `${spread(all.preprocess)} ms (${ratio(all.preprocess, all.decode)} of decoding)`],
    ['encode', `${spread(all.encode)} ms`],
    ['each word, 3 beams', `${spread(all.word)} ms`],
    ['whole caption', `${spread(all.whole)} ms`],
    ['  of it onnxruntime', `${spread(all.sessions)} ms; ${median(outside).toFixed(0)} % is outside it`],
    ['  encode and search / onnxruntime', ratio(all.fromPixels, all.sessions)],
    ['  with decoding and preprocessing', ratio(all.whole, all.sessions)],
    ...(others.length
      ? [
          [`onnxruntime ${version} for Python`, `${spread(others)} ms for the whole caption`],
          ['  it / captioneer', ratio(others, all.whole)],
        ]
      : [['onnxruntime for Python', 'not installed for $PYTHON; nothing to compare with']]),
  ]);
}

const folder = mkdtempSync(join(tmpdir(), 'captioneer-bench-'));
try {
  console.log(`Node ${process.version} on ${cpus().length} × ${cpus()[0]?.model}; medians of ${CAPTIONS} captions`);
  for (const [name, picture] of Object.entries(await makePictures(example, folder))) await benchPicture(name, picture);
  const cold = coldStarts(7);
  console.log();
  printTable([
    ['cold start to caption', `${median(cold).toFixed(0)} ms (p95 ${quantile(cold, 0.95).toFixed(0)})`],
    ['peak memory of this process', `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`],
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
