// Images a second of a plain loop and of `captionDataset` with a worker for each core, on photographs of 12 megapixels, decoded in full
// and with shrinkToSide; and how many captions differ.
//
//     node bench/dataset.mjs [images]
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { captionDataset, datasetImages } from '../dist/dataset/index.js';
import { Captioner } from '../dist/index.js';
import { Captioner as WorkerCaptioner } from '../dist/worker/node/index.js';

const count = Number(process.argv[2] ?? 48);
const examples = fileURLToPath(new URL('../docs/images/', import.meta.url));
const names = readdirSync(examples).filter((name) => name.endsWith('.jpg'));
const folder = mkdtempSync(join(tmpdir(), 'captioneer-bench-'));

/** Parts of the example photographs, each enlarged to 12 megapixels. */
for (let index = 0; index < count; index += 1) {
  const example = sharp(join(examples, names[index % names.length]));
  const { width, height } = await example.metadata();
  const crop = { left: index % 40, top: index % 30, width: width - 40, height: height - 30 };
  await example
    .extract(crop)
    .resize(4000, 3000, { fit: 'cover' })
    .jpeg()
    .toFile(join(folder, `${index}.jpg`));
}

async function loop() {
  const captioner = await Captioner.load();
  await captioner.caption(join(folder, '0.jpg')); // to warm up
  const started = performance.now();
  for (let index = 0; index < count; index += 1) await captioner.caption(join(folder, `${index}.jpg`));
  const rate = (1000 * count) / (performance.now() - started);
  await captioner.dispose();
  return rate;
}

async function dataset(name, caption) {
  const workers = await Promise.all(
    Array.from({ length: availableParallelism() }, () => WorkerCaptioner.load(undefined, { numThreads: 1 })),
  );
  for (const worker of workers) await worker.caption(join(folder, '0.jpg'), caption);
  const record = join(folder, `${name}.jsonl`);
  const started = performance.now();
  await captionDataset(workers, datasetImages([folder]), { record, caption });
  const rate = (1000 * count) / (performance.now() - started);
  await Promise.all(workers.map((worker) => worker.dispose()));
  const lines = readFileSync(record, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { rate, texts: new Map(lines.map(({ image, text }) => [image, text])) };
}

try {
  const plain = await loop();
  const full = await dataset('full', {});
  const shrunk = await dataset('shrunk', { shrinkToSide: 448 });
  const different = [...full.texts].filter(([image, text]) => shrunk.texts.get(image) !== text).length;
  const row = (name, rate) => console.log(`| ${name} | ${rate.toFixed(1)} | ${(rate / plain).toFixed(2)} × |`);
  console.log(
    `${count} photographs of 12 megapixels; ${availableParallelism()} cores, load average ${loadavg()[0].toFixed(1)}.\n`,
  );
  console.log('| way | images a second | to the plain loop |\n| :-- | --: | --: |');
  row('plain loop', plain);
  row('captionDataset, decoded in full', full.rate);
  row('captionDataset, shrinkToSide', shrunk.rate);
  console.log(`\n${different} of ${count} captions differ with shrinkToSide.`);
} finally {
  rmSync(folder, { recursive: true });
}
