// Captions a second of one process without a queue:  node bench/queue/loop.mjs <image> <captions>
// Begins when something comes on standard input, so that several begin together.
import { once } from 'node:events';
import { Captioner } from '../../dist/index.js';

const [image, count] = process.argv.slice(2);
const captioner = await Captioner.load(undefined, { numThreads: 1 });
for (let turn = 0; turn < 5; turn++) await captioner.caption(image); // to warm up
console.log('ready');
await once(process.stdin, 'data');
const started = performance.now();
for (let turn = 0; turn < Number(count); turn++) await captioner.caption(image);
console.log((1000 * Number(count)) / (performance.now() - started));
await captioner.dispose();
process.stdin.destroy();
