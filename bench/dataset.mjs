// Images a second of a plain loop and of `captionDataset` with a worker for each core, on photographs of 12 megapixels, decoded in full
// and with shrinkToSide; the share of time in which the cores are busy; and how many captions differ. With `--peer`, the JavaScript
// peer's pipeline, `image-to-text` of @huggingface/transformers, beside `captionDataset` on the same weights and files.
//
//     node bench/dataset.mjs [images] [--write] [--peer <folder of bench/full.mjs>] [--dtype q8] [--peer-images 8]
//
// `--write` puts it into docs/scaling.md.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { captionDataset, datasetImages } from '../dist/dataset/index.js';
import { Captioner } from '../dist/index.js';
import { Captioner as WorkerCaptioner } from '../dist/worker/node/index.js';
import { coreWatch } from './core-watch.mjs';
import { markdownTable, writeMarkdown } from './markdown.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    peer: { type: 'string' },
    dtype: { type: 'string', default: 'q8' },
    'peer-images': { type: 'string', default: '8' },
  },
});
const count = Number(positionals[0] ?? 48);
const cores = availableParallelism();
/** Tokens of each caption beside the peer: random weights know no end. */
const WORDS = 16;
const PAGE = fileURLToPath(new URL('../docs/scaling.md', import.meta.url));
const examples = fileURLToPath(new URL('../docs/images/', import.meta.url));
const names = readdirSync(examples).filter((name) => name.endsWith('.jpg'));
const folder = mkdtempSync(join(tmpdir(), 'captioneer-bench-'));
const files = Array.from({ length: count }, (_, index) => join(folder, `${index}.jpg`));

/** Parts of the example photographs, each enlarged to 12 megapixels. */
async function makeImages() {
  for (const [index, file] of files.entries()) {
    const example = sharp(join(examples, names[index % names.length]));
    const { width, height } = await example.metadata();
    const crop = { left: index % 40, top: index % 30, width: width - 40, height: height - 30 };
    await example.extract(crop).resize(4000, 3000, { fit: 'cover' }).jpeg().toFile(file);
  }
}

/** @returns images a second, and the share of all cores' time that this process, and that all processes, took */
async function timed(images, run) {
  const watch = coreWatch();
  await run();
  const { seconds, ownShare, machineShare } = watch();
  return { rate: images / seconds, ownShare, machineShare };
}

async function loop() {
  const captioner = await Captioner.load();
  await captioner.caption(files[0]); // to warm up
  const found = await timed(count, async () => {
    for (const file of files) await captioner.caption(file);
  });
  await captioner.dispose();
  return found;
}

async function dataset(name, caption, list = files, model = undefined, load = {}) {
  const options = { numThreads: 1, ...load };
  const workers = await Promise.all(Array.from({ length: cores }, () => WorkerCaptioner.load(model, options)));
  for (const worker of workers) await worker.caption(list[0], caption);
  const record = join(folder, `${name}.jsonl`);
  const found = await timed(list.length, () => captionDataset(workers, datasetImages(list), { record, caption }));
  await Promise.all(workers.map((worker) => worker.dispose()));
  const lines = readFileSync(record, 'utf8').trim().split('\n');
  const texts = new Map(lines.map((line) => JSON.parse(line)).map(({ image, text }) => [image, text]));
  return { ...found, texts };
}

/** The peer in a process of its own, and this library, on the public layout that bench/full.mjs has made. */
async function besidePeer() {
  const list = files.slice(0, Number(values['peer-images']));
  const model = join(values.peer, 'public');
  const script = fileURLToPath(new URL('dataset/transformers-js.mjs', import.meta.url));
  const args = [script, join(values.peer, 'transformers-js'), model, values.dtype, WORDS, ...list].map(String);
  const peer = JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const caption = { numBeams: 1, minLength: WORDS, maxLength: WORDS };
  const ours = await dataset('public', caption, list, model, { dtype: values.dtype });
  const shrunk = await dataset('public-shrunk', { ...caption, shrinkToSide: 448 }, list, model, {
    dtype: values.dtype,
  });
  return { peer, ours, shrunk, images: list.length };
}

const share = (value) => `${Math.round(100 * value)} %`;
const row = (name, { rate, ownShare, machineShare }, to) => [
  name,
  rate.toFixed(2),
  `${(rate / to.rate).toFixed(2)} ×`,
  share(ownShare),
  share(machineShare),
];
const table = (first, rows) =>
  markdownTable([['way', 'images a second', first, 'cores busy by it', 'cores busy'], ...rows], (column) =>
    column === 0 ? ':--' : '--:',
  );

async function report() {
  await makeImages();
  const plain = await loop();
  const full = await dataset('full', {});
  const shrunk = await dataset('shrunk', { shrinkToSide: 448 });
  const different = [...full.texts].filter(([image, text]) => shrunk.texts.get(image) !== text).length;
  const parts = [
    `${new Date().toISOString().slice(0, 10)}; ${count} photographs of 12 megapixels, the default model; ${cores} cores of ${cpus()[0].model.trim()}.`,
    table('to the plain loop', [
      row('plain loop of `caption`', plain, plain),
      row(`\`captionDataset\`, ${cores} workers, decoded in full`, full, plain),
      row(`\`captionDataset\`, ${cores} workers, \`shrinkToSide\``, shrunk, plain),
    ]),
    `${different} of the ${count} captions differ with \`shrinkToSide\`.`,
  ];
  if (values.peer !== undefined) {
    const found = await besidePeer();
    parts.push(
      `Beside the JavaScript peer, \`image-to-text\` of @huggingface/transformers ${found.peer.version}: ${found.images} of the photographs, ${WORDS} tokens each by greedy search, ViT-B/16 and GPT-2 small of random weights in the public layout, ${values.dtype}.`,
      table('to the peer', [
        row("the peer's pipeline, one image after another", found.peer, found.peer),
        row(`\`captionDataset\`, ${cores} workers, decoded in full`, found.ours, found.peer),
        row(`\`captionDataset\`, ${cores} workers, \`shrinkToSide\``, found.shrunk, found.peer),
      ]),
    );
  }
  return [...parts, `Load average ${loadavg()[0].toFixed(1)} at the end.`].join('\n\n');
}

try {
  const text = await report();
  console.log(text);
  const section = /(<!-- dataset -->\n)[^]*(<!-- \/dataset -->)/;
  if (values.write) {
    await writeMarkdown(
      PAGE,
      readFileSync(PAGE, 'utf8').replace(section, (_, begin, end) => `${begin}\n${text}\n\n${end}`),
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
