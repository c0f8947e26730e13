import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { threadPort, WorkerCaptioner } from '../../dist/worker/node/index.js';
import { progress, randomNumbers, smallImages } from './images.mjs';
import { flatness, growth, processState } from './process-state.mjs';

const SEED = 7;
const THREAD = new URL('../../dist/worker/node/thread.js', import.meta.url);

/** Ends the thread of a captioner at random points of a call; the next call starts another. */
export async function workers(count, model, most) {
  const [image] = await smallImages();
  let thread;
  const start = () => threadPort((thread = new Worker(THREAD)));
  const captioner = new WorkerCaptioner({ start, send: async (sent) => ({ image: sent }) }, model, { numThreads: 1 });
  await captioner.open();
  const expected = (await captioner.caption(image)).text;
  const started = performance.now();
  await captioner.caption(image);
  const ms = performance.now() - started;
  const random = randomNumbers(SEED);
  const tell = progress('workers', count);
  const counts = { rejected: 0, finished: 0, wrongError: 0, wrongText: 0 };
  const samples = [];
  for (let turn = 0; turn < count; turn++) {
    const outcome = captioner.caption(image).then(
      () => 'finished',
      (error) =>
        error.code === 'WORKER' || error.code === 'RUNTIME' ? 'rejected' : (console.error(error), 'wrongError'),
    );
    await wait(random() * ms);
    await thread.terminate();
    counts[await outcome]++;
    if ((await captioner.caption(image)).text !== expected) counts.wrongText++;
    samples.push(await processState());
    tell(turn);
  }
  await captioner.dispose();
  const found = growth(samples);
  const { wrongError, wrongText } = counts;
  return {
    ...counts,
    ...found,
    checks: {
      'typed errors': wrongError === 0,
      'the next call finds the same': wrongText === 0,
      ...flatness(found, most),
    },
  };
}
