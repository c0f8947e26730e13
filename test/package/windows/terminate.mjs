// Stops threads in the middle of a caption.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';

if (isMainThread) {
  for (let turn = 0; turn < 5; turn += 1) {
    const worker = new Worker(fileURLToPath(import.meta.url));
    await new Promise((resolve) => worker.once('message', resolve));
    await sleep(10 + 20 * turn);
    await worker.terminate();
  }
  console.log(process.platform, 'goes on');
  process.exit();
}
const { Captioner } = await import('captioneer');
const image = { data: readFileSync('cat.raw'), ...JSON.parse(readFileSync('cat.json', 'utf8')) };
const captioner = await Captioner.load();
parentPort.postMessage('loaded');
for (;;) await captioner.caption(image);
