// Where the memory of a captioner goes, on Linux:  node bench/full/memory.mjs <model folder> [captions]
//
// Resident megabytes of two processes after each part of their work. The first collects its garbage after every run of a graph, and
// so tells what is in use; the second is left to itself, as an application is.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inOwnProcess } from '../own-process.mjs';
import { printTable } from '../statistics.mjs';

const WORDS = 16;
const BEAMS = 4;
const picture = fileURLToPath(new URL('../../docs/images/cat.jpg', import.meta.url));
const self = fileURLToPath(import.meta.url);

/** Megabytes: resident in all, of them files mapped; the most there ever were; V8's heap and what lives in it; buffers. */
function measure(after) {
  const status = readFileSync('/proc/self/status', 'utf8');
  const field = (name) => (1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1])) / 1e6;
  const { heapTotal, heapUsed, arrayBuffers } = process.memoryUsage();
  const numbers = [
    field('VmRSS'),
    field('RssFile'),
    field('VmHWM'),
    heapTotal / 1e6,
    heapUsed / 1e6,
    arrayBuffers / 1e6,
  ];
  console.log(JSON.stringify([after, ...numbers.map((number) => number.toFixed(0))]));
}

/** In a process of its own: loads the captioner, and captions. */
async function captions(folder, count, isCollecting) {
  measure('Node has started');
  const { Captioner } = await import('../../dist/index.js');
  const { openModel } = await import('../../dist/authors/index.js');
  const { watchedPlatform } = await import('../watched-platform.mjs');
  let encoded = 0;
  const platform = watchedPlatform({
    onSession: (part) => measure(`the ${part} is loaded`),
    onRun(part) {
      if (isCollecting) globalThis.gc();
      if (part === 'encoder' && encoded++ === 0) measure('the first picture is encoded');
    },
  });
  const captioner = new Captioner(platform, await openModel(platform, folder));
  for (let done = 1; done <= count; done++) {
    await captioner.caption(picture, { numBeams: BEAMS, minLength: WORDS, maxLength: WORDS });
    if (done === 1 || done === count) measure(`caption ${done} is made`);
  }
  await captioner.dispose();
}

const [first, ...rest] = process.argv.slice(2);
if (first === '--child') {
  const [folder, count, mode] = rest;
  await captions(folder, Number(count), mode === 'collecting');
} else {
  for (const mode of ['collecting', 'left to itself']) {
    const printed = inOwnProcess(self, [first, rest[0] ?? '40', mode]);
    console.log(`\nGarbage: ${mode}`);
    const head = ['after', 'resident', 'files', 'peak', "V8's heap", 'lives', 'buffers'];
    const lines = printed.trim().split('\n');
    printTable([head, ...lines.map((line) => JSON.parse(line))]);
  }
}
