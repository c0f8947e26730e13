// Whether memory stays where it is from caption to caption:  node --expose-gc bench/memory.mjs [--write] [captions] [model folder] [captions of it]
//
// Each model has a process of its own, which collects its garbage before it looks; and another, whose V8 may not enlarge the space
// for new objects.
import { fileURLToPath } from 'node:url';
import { Captioner } from '../dist/index.js';
import { inOwnProcess } from './own-process.mjs';
import { writeReport } from './report.mjs';
import { givenArguments, saveResults } from './results.mjs';

const EARLY = 10;
const BEAMS = 4;
/** Megabytes of each half of V8's space for new objects, where it may not be enlarged beyond (Node's own limit is 16). */
const SMALL_SPACE = 4;
const self = fileURLToPath(import.meta.url);
const picture = fileURLToPath(new URL('../docs/images/cat.jpg', import.meta.url));

/** Bytes once the garbage is gone: what the process has, what JavaScript has reserved of it, and what it really holds. */
function memory() {
  globalThis.gc();
  globalThis.gc();
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
  return { resident: rss, heap: heapTotal, live: heapUsed + external };
}

/** In a process of its own: captions one picture again and again. */
async function caption(count, folder) {
  const before = memory();
  const captioner = await Captioner.load(folder);
  const loaded = memory();
  let early;
  for (let done = 1; done <= count; done++) {
    await captioner.caption(picture, { numBeams: BEAMS });
    if (done === EARLY) early = memory();
  }
  const late = memory();
  const { name } = captioner.manifest;
  await captioner.dispose();
  return { name, count, before, loaded, early, late, peak: process.resourceUsage().maxRSS * 1024 };
}

/** `space`: the limit of V8's space for new objects in megabytes; undefined: Node's own. */
function measure(count, folder, space) {
  const limit = space === undefined ? [] : [`--max-semi-space-size=${space}`];
  const args = [count, folder].filter((argument) => argument !== undefined).map(String);
  return { ...JSON.parse(inOwnProcess(self, args, limit)), space };
}

const [first, ...rest] = givenArguments;
if (first === '--child') {
  const [count, folder] = rest;
  console.log(JSON.stringify(await caption(Number(count), folder)));
} else {
  const [folder, count = '100'] = rest;
  const runs = [[Number(first ?? 1000)], ...(folder === undefined ? [] : [[Number(count), folder]])];
  const rows = runs.flatMap(([captions, model]) =>
    [undefined, SMALL_SPACE].map((space) => measure(captions, model, space)),
  );
  saveResults('memory', { early: EARLY, numBeams: BEAMS, rows });
  await writeReport();
}
