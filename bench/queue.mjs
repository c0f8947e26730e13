// What a job of the queue costs, one worker against two, and what follows from it for more workers. Starts a Redis of its own.
//
//     node bench/queue.mjs [--write] [--jobs 2000] [--images 300]
//
// `--write` puts it into docs/scaling.md.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import sharp from 'sharp';
import { enqueueImages, startQueueWorker } from '../dist/queue/index.js';
import { coreWatch } from './core-watch.mjs';
import { markdownTable, writeMarkdown } from './markdown.mjs';
import { freePort, killAll, startRedis, startWorker } from './queue/processes.mjs';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '2000' },
    images: { type: 'string', default: '300' },
    write: { type: 'boolean', default: false },
  },
});
const PAGE = fileURLToPath(new URL('../docs/scaling.md', import.meta.url));
const SECTION = /(<!-- queue -->\n)[^]*(<!-- \/queue -->)/;
/** Bytes a second of the network of the Redis server, as assumed: 1 Gbit/s. */
const NETWORK = 125e6;
/** Share of one core of Redis that may be used before waits grow. */
const MOST_BUSY = 0.7;
const WORKERS = [1, 2, 10, 100, 1000];

const folder = mkdtempSync(join(tmpdir(), 'captioneer-queue-'));
const port = await freePort();
const redisUrl = `redis://127.0.0.1:${port}`;

async function info() {
  const redis = new Redis(redisUrl);
  const text = await redis.info();
  redis.disconnect();
  const read = (name) => Number(new RegExp(`^${name}:(.*)$`, 'm').exec(text)[1]);
  return {
    commands: read('total_commands_processed'),
    bytes: read('total_net_input_bytes') + read('total_net_output_bytes'),
    cpuMs: 1000 * (read('used_cpu_user') + read('used_cpu_sys')),
  };
}

/** Jobs whose caption costs nothing: what is left is the queue. */
async function jobCost(count) {
  const names = Array.from({ length: count }, (_, index) => `/photos/2026/holidays/photograph-${index}.jpg`);
  const before = await info();
  await enqueueImages(names, { redisUrl, queue: 'empty' });
  const captioner = { manifest: { name: 'none' }, caption: async () => ({ text: 'a cat', confidence: 0.5 }) };
  const results = { has: async () => false, write: async () => undefined };
  const cpu = process.cpuUsage();
  const worker = await startQueueWorker(captioner, { redisUrl, queue: 'empty', results });
  await worker.untilEmpty();
  const { user, system } = process.cpuUsage(cpu);
  await worker.close();
  const after = await info();
  const each = (name) => (after[name] - before[name]) / count;
  return {
    commands: each('commands'),
    bytes: each('bytes'),
    redisMs: each('cpuMs'),
    workerMs: (user + system) / 1000 / count,
  };
}

const countResults = (results) =>
  readdirSync(results, { recursive: true }).filter((name) => name.endsWith('.json')).length;

/** Milliseconds of processor time that a process has taken; Linux only. */
function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12])); // utime and stime, in hundredths of a second
}

/** Once a share of the images is done: how many are, when, and what it has taken until then. */
async function stateAt(share, total, results, workers) {
  while (countResults(results) < share * total) await wait(100);
  const time = performance.now();
  return {
    count: countResults(results),
    time,
    workersMs: workers.reduce((sum, { pid }) => sum + cpuMs(pid), 0),
    redisMs: (await info()).cpuMs,
  };
}

/** Captions a second of workers, from when half of the images are done, so that all have their models, until nearly all are. */
async function rate(numWorkers, names) {
  const queue = `workers-${numWorkers}`;
  const results = join(folder, queue);
  mkdirSync(results);
  await enqueueImages(names, { redisUrl, queue });
  const workers = Array.from({ length: numWorkers }, () => startWorker(redisUrl, ['--queue', queue, '-o', results]));
  const from = await stateAt(0.5, names.length, results, workers);
  const watch = coreWatch();
  const to = await stateAt(0.9, names.length, results, workers);
  const { machineShare } = watch();
  await Promise.all(workers.map(({ exited }) => exited));
  const count = to.count - from.count;
  const perCaption = (part) => (to[part] - from[part]) / count;
  return {
    rate: (1000 * count) / (to.time - from.time),
    workerMs: perCaption('workersMs'),
    redisMs: perCaption('redisMs'),
    machineShare,
  };
}

/** Captions a second of processes at once that have no queue: what the cores give. */
async function loops(numProcesses, image) {
  const script = fileURLToPath(new URL('queue/loop.mjs', import.meta.url));
  const loop = () => spawn(process.execPath, [script, image, values.images], { stdio: ['pipe', 'pipe', 'inherit'] });
  const children = Array.from({ length: numProcesses }, loop);
  const lines = children.map(({ stdout }) => createInterface({ input: stdout })[Symbol.asyncIterator]());
  await Promise.all(lines.map((each) => each.next())); // "ready"
  for (const { stdin } of children) stdin.end('go\n');
  const rates = await Promise.all(lines.map(async (each) => Number((await each.next()).value)));
  return rates.reduce((sum, each) => sum + each, 0);
}

async function makeImages(count) {
  const cat = readFileSync(fileURLToPath(new URL('../docs/images/cat.jpg', import.meta.url)));
  const small = await sharp(cat).resize(64).jpeg().toBuffer();
  const names = Array.from({ length: count }, (_, index) => join(folder, `${index}.jpg`));
  for (const name of names) writeFileSync(name, small);
  return names;
}

/** Captions a second of `numWorkers`, each with a core of its own, and what bounds them. */
function model(numWorkers, one, { redisMs, bytes }) {
  const bounds = [
    ['workers', numWorkers * one],
    ['Redis', (1000 * MOST_BUSY) / redisMs],
    ['network', NETWORK / bytes],
  ];
  return bounds.reduce((least, bound) => (bound[1] < least[1] ? bound : least));
}

async function measure() {
  await startRedis(port, folder);
  const cost = await jobCost(Number(values.jobs));
  const names = await makeImages(Number(values.images));
  const [oneLoop, twoLoops] = [await loops(1, names[0]), await loops(2, names[0])];
  const one = await rate(1, names);
  const two = await rate(2, names);
  return { cost, oneLoop, twoLoops, one, two };
}

function report({ cost, oneLoop, twoLoops, one, two }) {
  const busy = ({ workerMs, redisMs, machineShare }) =>
    `with ${workerMs.toFixed(0)} ms of processor time a caption in the worker and ${redisMs.toFixed(1)} in Redis, the cores busy ${Math.round(100 * machineShare)} % of the time`;
  const round = (value) => (value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en'));
  const { commands, bytes, redisMs, workerMs } = cost;
  const rows = WORKERS.map((count) => {
    const [bound, captions] = model(count, one.rate, cost);
    const busy = (captions * redisMs) / 10;
    return [
      count.toLocaleString('en'),
      round(captions),
      bound,
      `${busy.toFixed(1)} %`,
      ((captions * bytes * 8) / 1e6).toFixed(1),
    ];
  });
  const head = ['workers', 'captions a second', 'bound by', 'of a core of Redis', 'network, Mbit/s'];
  return `${new Date().toISOString().slice(0, 10)}; ${availableParallelism()} cores of ${cpus()[0].model.trim()}, Node ${process.version}, load average ${loadavg()[0].toFixed(1)} at the end.

- **A job** costs ${commands.toFixed(1)} commands and ${redisMs.toFixed(2)} ms of Redis's processor, ${workerMs.toFixed(2)} ms of a worker's, and ${(bytes / 1000).toFixed(1)} kB of network, enqueuing included (${Number(values.jobs).toLocaleString('en')} jobs whose caption costs nothing; append-only file, \`appendfsync always\`).
- **Without a queue**: one process captions ${oneLoop.toFixed(2)} images a second, two at once ${twoLoops.toFixed(2)}, ${(twoLoops / oneLoop).toFixed(2)} times as many: so much do the cores give.
- **One worker**: ${one.rate.toFixed(2)} captions a second, ${busy(one)}. **Two**: ${two.rate.toFixed(2)}, ${(two.rate / one.rate).toFixed(2)} times as many, ${busy(two)} (${values.images} small images, the default model, one thread each; Redis shares the cores).

From these constants, with a core for each worker, ${100 * MOST_BUSY} % of a core for Redis and 1 Gbit/s to it (images do not go through Redis):

${markdownTable([head, ...rows], () => '--:')}

One Redis carries ${round(model(Infinity, one.rate, cost)[1])} captions a second, that is about ${round(model(Infinity, one.rate, cost)[1] / one.rate)} workers of this speed. This is a model, not a measurement; what reads the images, such as a shared disk, is not in it.
`;
}

try {
  const text = report(await measure());
  console.log(text);
  if (values.write) {
    await writeMarkdown(
      PAGE,
      readFileSync(PAGE, 'utf8').replace(SECTION, (_, begin, end) => `${begin}\n${text}\n${end}`),
    );
  }
} finally {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
}
