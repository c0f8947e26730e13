/* global AbortController */
import { setTimeout as wait } from 'node:timers/promises';
import { Captioner } from '../../dist/index.js';
import { Captioner as WorkerCaptioner } from '../../dist/worker/node/index.js';
import { progress, randomNumbers, smallImages } from './images.mjs';
import { flatness, growth, processState } from './process-state.mjs';

const SAMPLES = 20;
const SEED = 24;
const options = { numBeams: 3 };

const ways = {
  caption: (captioner, images, signal) => captioner.caption(images[0], { ...options, signal }),
  stream: async (captioner, images, signal) => {
    const stream = captioner.stream(images[1], { ...options, signal });
    for await (const piece of stream) void piece;
    return stream.result;
  },
  batch: async (captioner, images, signal) => {
    for await (const outcome of captioner.captionAll([...images, ...images], { ...options, signal })) void outcome;
  },
};

/** Aborts at random points of captions, streams and batches, on the thread itself and in a worker; a caption now and then must be as before. */
export async function aborts(count, model, most) {
  const load = { numThreads: 1 };
  const captioners = {
    here: await Captioner.load(model, load),
    worker: await WorkerCaptioner.load(model, load),
  };
  const images = await smallImages();
  const kinds = Object.keys(captioners).flatMap((place) => Object.keys(ways).map((way) => ({ place, way })));
  for (const kind of kinds) {
    await ways[kind.way](captioners[kind.place], images); // to warm up
    const started = performance.now();
    await ways[kind.way](captioners[kind.place], images);
    kind.ms = performance.now() - started;
  }
  const expected = (await captioners.here.caption(images[2], options)).text;
  const random = randomNumbers(SEED);
  const tell = progress('aborts', count);
  const samples = [];
  const counts = { aborted: 0, finished: 0, wrongReason: 0, wrongText: 0 };
  for (let turn = 0; turn < count; turn++) {
    const { place, way, ms } = kinds[turn % kinds.length];
    const stop = new AbortController();
    const reason = new Error('enough');
    const call = ways[way](captioners[place], images, stop.signal);
    const outcome = call.then(
      () => 'finished',
      (error) => (error === reason ? 'aborted' : 'wrongReason'),
    );
    // Of each kind one before anything has happened; then most while it runs, a few after it has ended, as the machine's load has it.
    const isAtOnce = turn < kinds.length || random() < 0.05;
    await (isAtOnce ? undefined : wait(random() * 1.1 * ms));
    stop.abort(reason);
    counts[await outcome]++;
    if (turn % 10 === 9) {
      for (const captioner of Object.values(captioners)) {
        if ((await captioner.caption(images[2], options)).text !== expected) counts.wrongText++;
      }
    }
    if ((turn + 1) % Math.max(1, Math.floor(count / SAMPLES)) === 0) samples.push(await processState());
    tell(turn);
  }
  await Promise.all(Object.values(captioners).map((captioner) => captioner.dispose()));
  const found = growth(samples);
  return {
    ...counts,
    ...found,
    checks: {
      'each ends with its own reason': counts.wrongReason === 0,
      'later captions are as before': counts.wrongText === 0,
      'calls of each kind were stopped': counts.aborted >= kinds.length,
      ...flatness(found, most),
    },
  };
}
