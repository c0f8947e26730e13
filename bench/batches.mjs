// Sixteen pictures one by one and in batches, for each model that is here:  node bench/batches.mjs [--write] [model folder]…
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openModel } from '../dist/authors/index.js';
import { Captioner } from '../dist/index.js';
import { writeReport } from './report.mjs';
import { givenArguments, saveResults } from './results.mjs';
import { median, sum } from './statistics.mjs';
import { timedPlatform } from './watched-platform.mjs';

const PICTURES = 16;
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const root = fileURLToPath(new URL('..', import.meta.url));
const images = join(root, 'docs', 'images');
const examples = readdirSync(images).filter((name) => name.endsWith('.jpg'));
const pictures = Array.from({ length: PICTURES }, (_, i) => join(images, examples[i % examples.length]));

const ways = {
  async single(captioner) {
    const texts = [];
    for (const picture of pictures) texts.push((await captioner.caption(picture)).text);
    return texts;
  },
  async batched(captioner) {
    const texts = [];
    for await (const { value } of captioner.captionAll(pictures, { batchSize: PICTURES })) texts.push(value.text);
    return texts;
  },
};

/** Milliseconds a picture, in all and in the decoder's graph, both ways in turns. */
async function compare(folder) {
  const { platform, runs } = timedPlatform();
  const captioner = new Captioner(platform, await openModel(platform, folder));
  const times = { single: [], batched: [] };
  const decoding = { single: [], batched: [] };
  const texts = {};
  for (let round = -1; round < ROUNDS; round++) {
    for (const [way, caption] of Object.entries(ways)) {
      runs.decoder.length = 0;
      const started = performance.now();
      texts[way] = await caption(captioner);
      if (round < 0) continue; // to warm up
      times[way].push((performance.now() - started) / PICTURES);
      decoding[way].push(sum(runs.decoder) / PICTURES);
    }
  }
  const { name, family, generation } = captioner.manifest;
  await captioner.dispose();
  const isSame = (text, i) => text === texts.batched[i];
  return {
    name,
    family,
    numBeams: generation.numBeams,
    sameTexts: texts.single.filter(isSame).length,
    single: { ms: median(times.single), decoderMs: median(decoding.single) },
    batched: { ms: median(times.batched), decoderMs: median(decoding.batched) },
  };
}

const models = join(root, 'models');
const folders = givenArguments;
const given = folders.length > 0 ? folders : readdirSync(models).map((name) => join(models, name));
const rows = [];
for (const folder of given) {
  rows.push(await compare(folder));
  console.log(basename(folder), rows.at(-1));
}
saveResults('batches', { pictures: PICTURES, rounds: ROUNDS, threads: availableParallelism(), rows });
await writeReport();
