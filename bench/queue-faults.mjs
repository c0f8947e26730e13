// Workers and Redis are killed at random points; each image must have one result in the end. Starts a Redis of its own on this machine.
//
//     node bench/queue-faults.mjs [--images 200] [--workers 2] [--kills 10] [--redis-kills 2] [--seed 1] [--stream]
//
// `--stream` takes results from a Redis stream instead of a folder. Ends with status 1 if an image has none or two.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import sharp from 'sharp';
import { deadLetters, enqueueImages } from '../dist/queue/index.js';
import { randomNumbers } from './soak/images.mjs';
import { folderTexts, freePort, killAll, startRedis, startWorker } from './queue/processes.mjs';

const number = (value) => ({ type: 'string', default: String(value) });
const { values } = parseArgs({
  options: {
    images: number(200),
    workers: number(2),
    kills: number(10),
    'redis-kills': number(2),
    seed: number(1),
    stream: { type: 'boolean', default: false },
  },
});
const [count, numWorkers, kills, redisKills] = ['images', 'workers', 'kills', 'redis-kills'].map((name) =>
  Number(values[name]),
);
const random = randomNumbers(Number(values.seed));
const folder = mkdtempSync(join(tmpdir(), 'captioneer-queue-'));
const port = await freePort();
const redisUrl = `redis://127.0.0.1:${port}`;

/** Small images that differ, one of which is none. */
async function makeImages() {
  const cat = await sharp(readFileSync(fileURLToPath(new URL('../docs/images/cat.jpg', import.meta.url))))
    .resize(64)
    .toBuffer();
  const names = Array.from({ length: count }, (_, index) => join(folder, `${index}.jpg`));
  for (const [index, name] of names.entries()) writeFileSync(name, await sharp(cat).rotate(index).jpeg().toBuffer());
  const broken = join(folder, 'broken.jpg');
  writeFileSync(broken, 'no image');
  return { names, broken };
}

/** The images of results, one entry each result. */
async function resultImages() {
  if (!values.stream) return folderTexts(join(folder, 'results')).map((text) => JSON.parse(text).image);
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null, lazyConnect: true });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const entries = await redis.xrange('captions', '-', '+');
    return entries.map(([, fields]) => JSON.parse(fields[3]).image);
  } finally {
    redis.disconnect();
  }
}

/** At which numbers of results something is killed, and what. */
function plan() {
  const events = [...Array(kills).fill('worker'), ...Array(redisKills).fill('redis')];
  return events.map((kind) => ({ kind, at: Math.floor(random() * 0.9 * count) })).sort((a, b) => a.at - b.at);
}

async function run() {
  let redis = await startRedis(port, folder);
  const { names, broken } = await makeImages();
  await enqueueImages([...names, broken], { redisUrl });
  await enqueueImages(names, { redisUrl }); // changes nothing
  const output = values.stream ? ['--output-stream', 'captions'] : ['-o', join(folder, 'results')];
  const start = () => startWorker(redisUrl, ['--lock', '2', ...output]);
  const workers = Array.from({ length: numWorkers }, start);
  for (const { kind, at } of plan()) {
    while ((await resultImages()).length < at && workers.some(({ exitCode }) => exitCode === null)) await wait(100);
    await wait(100 * random());
    if (kind === 'redis') {
      await killAll([redis]);
      redis = await startRedis(port, folder);
    } else {
      const index = Math.floor(random() * numWorkers);
      await killAll([workers[index]]);
      workers[index] = start();
    }
  }
  const exitCodes = await Promise.all(workers.map(({ exited }) => exited));
  const found = await resultImages();
  const letters = (await deadLetters({ redisUrl })).map(({ image }) => image);
  const missing = names.filter((name) => !found.includes(name));
  const twice = found.length - new Set(found).size;
  return {
    images: count,
    workers: numWorkers,
    kills,
    redisKills,
    seed: values.seed,
    exitCodes,
    results: found.length,
    missing,
    twice,
    deadLetters: letters.length,
    onlyBrokenIsDead: String(letters) === broken,
  };
}

try {
  const { missing, ...report } = await run();
  console.log(JSON.stringify({ ...report, missing: missing.length }));
  const isRight = missing.length === 0 && report.twice === 0 && report.results === count && report.onlyBrokenIsDead;
  process.exitCode = isRight && report.exitCodes.every((code) => code === 0) ? 0 : 1;
} finally {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
}
