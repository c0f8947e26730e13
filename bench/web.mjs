// Times the library in Chromium, on WebAssembly:  node bench/web.mjs [--write] [folder]
//
// First and second visit of a page with the default model and where their time goes, captions of each model that ships with one thread and with two, and, in turns
// with @huggingface/transformers in the same browser, captions on the same random weights. The folder keeps the models (made on the
// first run, by $PYTHON with what bench/web/make_model.py and bench/full/make_florence_2.py need) and the peer (installed on the first
// run). $CHROMIUM names the browser. $PARTS names what is timed: visits, models, fp32, q8 (the peer, with such weights), florence-2-q8,
// florence-2-q4; default all. Each part has results of its own.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { writeReport } from './report.mjs';
import { givenArguments, saveResults } from './results.mjs';
import { median, quantile, sum } from './statistics.mjs';
import { startServer } from './web/server.mjs';

const VISITS = Number(process.env.VISITS ?? 5);
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const WORDS = 16;
const FLORENCE = 'florence-2-';
const ALL_PARTS = ['visits', 'models', 'fp32', 'q8', `${FLORENCE}q8`, `${FLORENCE}q4`];
const PARTS = process.env.PARTS?.split(',') ?? ALL_PARTS;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(givenArguments[0] ?? join(tmpdir(), 'captioneer-web'));
const peerFolder = join(folder, 'transformers-js');

function prepare() {
  mkdirSync(peerFolder, { recursive: true });
  const make = (name) =>
    execFileSync(process.env.PYTHON ?? 'python3', [fileURLToPath(new URL(name, import.meta.url)), folder], {
      stdio: 'inherit',
    });
  if (!existsSync(join(folder, 'own-q8', 'captioneer.json'))) make('web/make_model.py');
  if (PARTS.some((part) => part.startsWith(FLORENCE)) && !existsSync(join(folder, 'florence-2', 'config.json'))) {
    make('full/make_florence_2.py');
  }
  if (existsSync(join(peerFolder, 'node_modules'))) return;
  writeFileSync(join(peerFolder, 'package.json'), '{ "private": true }\n');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '@huggingface/transformers@latest'];
  execFileSync('npm', install, { cwd: peerFolder, stdio: 'inherit' });
}

const PEER_RUNTIME = { runtime: { wasmUrl: '/peer-runtime/ort-wasm-simd-threaded.wasm' } };

/** A page's script and its chunks, by their paths, and the page itself under `path`. */
async function bundle(path, entryPoints, options = {}) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    outdir: '/',
    write: false,
    metafile: true,
    logLevel: 'error',
    ...options,
  });
  const [script, { imports }] = Object.entries(metafile.outputs).find(([, { entryPoint }]) =>
    entryPoint?.startsWith('bench/web/'),
  );
  const chunks = imports.filter(({ kind }) => kind === 'import-statement');
  return {
    [path]: html(
      `/${basename(script)}`,
      chunks.map((chunk) => `/${basename(chunk.path)}`),
    ),
    ...Object.fromEntries(outputFiles.map((file) => [file.path, file.contents])),
  };
}

/** A page as Vite writes it: the chunks that its script imports are asked for at once. */
const html = (script, chunks) =>
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">' +
  `<script type="module" src="${script}"></script>${chunks.map((chunk) => `<link rel="modulepreload" href="${chunk}">`).join('')}`;

async function serve() {
  const peerModules = join(peerFolder, 'node_modules');
  const peerRuntime = { 'onnxruntime-web/wasm': join(peerModules, 'onnxruntime-web/dist/ort.wasm.bundle.min.mjs') };
  return startServer(
    {
      ...(await bundle('/own.html', ['bench/web/page.mjs'])),
      ...(await bundle(
        '/own-on-peer-runtime.html',
        { 'on-peer-runtime': 'bench/web/page.mjs' },
        { alias: peerRuntime },
      )),
      ...(await bundle('/peer.html', ['bench/web/peer-page.mjs'], { nodePaths: [peerModules] })),
      '/picture.bin': readFileSync(join(folder, 'picture.bin')),
    },
    {
      '/images/': join(ROOT, 'docs/images'),
      '/shipped/': join(ROOT, 'models'),
      '/models/': folder,
      '/peer-runtime/': join(peerFolder, 'node_modules/onnxruntime-web/dist'),
      '/': join(ROOT, 'node_modules/onnxruntime-web/dist'),
    },
  );
}

function launch(profile) {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  return chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args,
  });
}

/** What a browser does after its start is not the page's. */
const SETTLE_MS = 2000;

async function withBrowser(profile, use) {
  const context = await launch(profile);
  try {
    await setTimeout(SETTLE_MS);
    return await use(context);
  } finally {
    await context.close();
  }
}

async function open(context, url) {
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => 'bench' in globalThis);
  return page;
}

/** Runs `bench[name](...args)` in a page. */
const call = (page, name, ...args) =>
  page.evaluate(([method, given]) => globalThis.bench[method](...given), [name, args]);

/** What a visitor stays for after the first caption; browsers keep the compiled WebAssembly of those who stay. */
const STAY_MS = 4000;

/** First visit with nothing kept, and second one of a browser that was closed in between. */
async function timeVisits(server) {
  const visits = { first: [], second: [] };
  let bytes;
  for (let round = 0; round < VISITS; round++) {
    const profile = mkdtempSync(join(tmpdir(), 'captioneer-profile-'));
    for (const [name, visited] of Object.entries(visits)) {
      for (const path of Object.keys(server.sent)) delete server.sent[path];
      visited.push(
        await withBrowser(profile, async (context) =>
          visit(await open(context, `${server.url}own.html?model=/shipped/default/&image=/images/cat.jpg`)),
        ),
      );
      if (name === 'first') bytes = { ...server.sent };
    }
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
  const [first, second] = Object.values(visits).map((visited) => spread(visited.map(({ ms }) => ms)));
  const steps = { first: summariseSteps(visits.first), second: summariseSteps(visits.second) };
  return { firstMs: first, secondMs: second, steps, bytes: summariseBytes(bytes) };
}

async function visit(page) {
  const found = await call(page, 'visited');
  await call(page, 'load', '/shipped/default/', {});
  await call(page, 'caption', '/shipped/default/', '/images/coffee.jpg');
  await page.waitForTimeout(STAY_MS);
  return found;
}

/** Medians of when each step begins and how long it takes, in milliseconds. Steps overlap. */
function summariseSteps(visits) {
  return visits[0].steps.map(({ name }, step) => ({
    name,
    startMs: Math.round(median(visits.map(({ steps }) => steps[step].startMs))),
    ms: Math.round(median(visits.map(({ steps }) => steps[step].ms))),
  }));
}

function summariseBytes(sent) {
  const of = (matches) => sum(Object.entries(sent).flatMap(([path, bytes]) => (matches(path) ? [bytes] : [])));
  return {
    code: of((path) => path.endsWith('.js')),
    runtime: of((path) => path.endsWith('.wasm')),
    model: of((path) => path.startsWith('/shipped/')),
    all: of(() => true),
  };
}

const spread = (numbers) => ({ median: median(numbers), p95: quantile(numbers, 0.95) });

/**
 * Lets pages caption in turns, so that other work on the machine disturbs all alike; the first round is for warming up.
 *
 * @param tasks by name: what gives `{ ms, … }`
 */
async function takeTurns(tasks) {
  const answers = Object.fromEntries(Object.keys(tasks).map((name) => [name, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, task] of Object.entries(tasks)) {
      const answer = await task();
      if (round >= 0) answers[name].push(answer);
    }
  }
  return Object.entries(answers).map(([name, found]) => ({
    name,
    ...spread(found.map(({ ms }) => ms)),
    imageMs: found[0].imageMs && median(found.map(({ imageMs }) => imageMs)),
    last: found.at(-1),
  }));
}

async function chromiumVersion(context) {
  const page = await context.newPage();
  const agent = await page.evaluate(() => globalThis.navigator.userAgent);
  return /Chrome\/([\d.]+)/.exec(agent)[1];
}

/** Each model that ships, as it captions by itself. */
async function timeModels(server, context) {
  const models = readdirSync(join(ROOT, 'models')).filter((name) =>
    existsSync(join(ROOT, 'models', name, 'captioneer.json')),
  );
  const tasks = {};
  for (const numThreads of [1, 2]) {
    const page = await open(context, `${server.url}own.html`);
    for (const model of models) {
      await call(page, 'load', `/shipped/${model}/`, { numThreads });
      tasks[`${model} ${numThreads}`] = inFront(page, 'caption', `/shipped/${model}/`, '/images/coffee.jpg');
    }
  }
  const rows = await takeTurns(tasks);
  const find = (model, numThreads) => rows.find(({ name }) => name === `${model} ${numThreads}`);
  return models.map((model) => ({ model, oneThread: find(model, 1).median, twoThreads: find(model, 2).median }));
}

/** A caption of the page that is looked at: browsers give others less of the processor. */
function inFront(page, ...given) {
  return async () => {
    await page.bringToFront();
    return call(page, ...given);
  };
}

/** Greedy captions on the same weights, of the peer and of this library. */
async function timePeer(server, context, dtype) {
  const options = { numBeams: 1, minLength: WORDS, maxLength: WORDS };
  const own = async (source, more, path = 'own.html') => {
    const page = await open(context, server.url + path);
    await call(page, 'load', source, more);
    return inFront(page, 'caption', source, '/picture.bin', options);
  };
  const peer = await open(context, `${server.url}peer.html`);
  await call(peer, 'load', 'public', { dtype, numThreads: 1 });
  const rows = await takeTurns({
    'captioneer, own layout': await own(`/models/own-${dtype}/`, {}),
    "captioneer, own layout, on the peer's runtime": await own(
      `/models/own-${dtype}/`,
      PEER_RUNTIME,
      'own-on-peer-runtime.html',
    ),
    'captioneer, public layout': await own('/models/public/', { dtype }),
    '@huggingface/transformers': inFront(peer, 'caption', '/picture.bin', WORDS),
  });
  return {
    dtype,
    words: WORDS,
    rows: rows.map(({ name, median, p95, imageMs, last }) => ({ name, ms: median, p95, imageMs, ids: last.ids })),
  };
}

/** Florence-2 at base size: greedy captions of the peer and of this library, and this library's with beams. */
async function timeFlorence(server, context, dtype) {
  const source = '/models/florence-2/';
  const load = async (path, more) => {
    const page = await open(context, server.url + path);
    await call(page, 'load', source, { dtype, ...more });
    return (numBeams) =>
      inFront(page, 'caption', source, '/picture.bin', { numBeams, minLength: WORDS, maxLength: WORDS });
  };
  const own = await load('own.html', {});
  const onPeerRuntime = await load('own-on-peer-runtime.html', PEER_RUNTIME);
  const peer = await open(context, `${server.url}peer.html`);
  await call(peer, 'loadFlorence', 'florence-2', { dtype, numThreads: 1 });
  const rows = await takeTurns({
    'captioneer, greedy': own(1),
    'captioneer, 3 beams': own(3),
    "captioneer, greedy, on the peer's runtime": onPeerRuntime(1),
    '@huggingface/transformers': inFront(peer, 'caption', '/picture.bin', WORDS),
  });
  return {
    dtype,
    words: WORDS,
    rows: rows.map(({ name, median, p95, imageMs }) => ({ name, ms: median, p95, imageMs })),
  };
}

function versions() {
  const versionOf = (path) => JSON.parse(readFileSync(path, 'utf8')).version;
  return {
    'onnxruntime-web': versionOf(join(ROOT, 'node_modules/onnxruntime-web/package.json')),
    '@huggingface/transformers': versionOf(join(peerFolder, 'node_modules/@huggingface/transformers/package.json')),
    "the peer's onnxruntime-web": versionOf(join(peerFolder, 'node_modules/onnxruntime-web/package.json')),
  };
}

/** Times one part of the benchmark in a browser of its own, or, for visits, in one for each. */
async function timePart(server, part) {
  const profile = mkdtempSync(join(tmpdir(), 'captioneer-profile-'));
  const load = [loadavg()[0]];
  try {
    const found = await withBrowser(profile, async (context) => ({
      chromium: await chromiumVersion(context),
      ...(part === 'models' && { models: await timeModels(server, context) }),
      ...(['fp32', 'q8'].includes(part) && (await timePeer(server, context, part))),
      ...(part.startsWith(FLORENCE) && (await timeFlorence(server, context, part.slice(FLORENCE.length)))),
    }));
    const rounds =
      part === 'visits' ? { visits: VISITS, beginsByItself: true, ...(await timeVisits(server)) } : { rounds: ROUNDS };
    load.push(loadavg()[0]);
    saveResults(`web-${part}`, { versions: versions(), load, ...rounds, ...found });
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

const unknown = PARTS.find((part) => !ALL_PARTS.includes(part));
if (unknown !== undefined) throw new Error(`$PARTS: expected some of ${ALL_PARTS.join()}, found ${unknown}.`);
prepare();
const server = await serve();
try {
  for (const part of PARTS) await timePart(server, part);
} finally {
  server.stop();
}
await writeReport();
