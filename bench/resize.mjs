/*
 * The fast resize of src/preprocess/fast beside the plain one: `node bench/resize.mjs`. It prints the processor time of the horizontal
 * pass, which takes nearly all of a resize, for 12 megapixels; the least of several rounds, which take turns.
 */
import { Buffer } from 'node:buffer';
import { buildSync } from 'esbuild';
import { fileURLToPath } from 'node:url';

const ROUNDS = 5;
const [WIDTH, HEIGHT, OUTPUT] = [4000, 3000, 224];

const { convolveRows, momentPlan, FILTER_KERNELS, weightTable } = await sources(`
  export { convolveRows } from './convolve.js';
  export { momentPlan } from './fast/index.js';
  export { FILTER_KERNELS } from './filters.js';
  export { weightTable } from './weights.js';
`);
const data = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => (at * 2_654_435_761) >>> 13);
const columns = {
  inputSize: WIDTH,
  start: 0,
  end: WIDTH,
  outputSize: OUTPUT,
  windowStart: 0,
  windowSize: OUTPUT,
};
for (const filter of ['bilinear', 'bicubic']) {
  const table = weightTable(columns, FILTER_KERNELS[filter]);
  const plans = { plain: undefined, fast: momentPlan(columns, FILTER_KERNELS[filter], table) };
  const least = { plain: Infinity, fast: Infinity };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [way, plan] of Object.entries(plans)) {
      const before = process.cpuUsage();
      convolveRows(data, WIDTH, 0, HEIGHT, table, plan);
      const { user, system } = process.cpuUsage(before);
      least[way] = Math.min(least[way], (user + system) / 1000);
    }
  }
  const { plain, fast } = least;
  const share = (plain / fast).toFixed(1);
  console.log(`${filter}: plain ${plain.toFixed(0)} ms, fast ${fast.toFixed(0)} ms, ${share} times as fast`);
}

/** What a module in src/preprocess exports. */
async function sources(contents) {
  const resolveDir = fileURLToPath(new URL('../src/preprocess', import.meta.url));
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir },
    bundle: true,
    format: 'esm',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
