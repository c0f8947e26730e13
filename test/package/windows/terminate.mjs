// Stops threads in the middle of a caption.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { image } from './image.cjs';

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
const captioner = await Captioner.load();
parentPort.postMessage('loaded');
for (;;) await captioner.caption(image);
