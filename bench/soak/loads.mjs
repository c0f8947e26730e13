import { Captioner } from '../../dist/index.js';
import { progress, smallImages } from './images.mjs';
import { flatness, growth, processState } from './process-state.mjs';

/** Loads a model, captions with it and disposes of it. */
export async function loads(count, model, most) {
  const images = await smallImages();
  const tell = progress('loads', count);
  const samples = [];
  const texts = new Set();
  for (let turn = 0; turn < count; turn++) {
    const captioner = await Captioner.load(model, { numThreads: 1 });
    texts.add((await captioner.caption(images[0], { numBeams: 1 })).text);
    await captioner.dispose();
    samples.push(await processState());
    tell(turn);
  }
  const found = growth(samples);
  return { ...found, checks: { 'the same text each time': texts.size === 1, ...flatness(found, most) } };
}
