import { Captioner } from '../../dist/index.js';
import { progress, smallImages } from './images.mjs';
import { flatness, growth, processState } from './process-state.mjs';

const SAMPLES = 50;

/** Captions in one process, by `caption`, `stream` and `captionAll` in turns. */
export async function captions(count, model, most) {
  const captioner = await Captioner.load(model, { numThreads: 1 });
  const images = await smallImages();
  const tell = progress('captions', count);
  const samples = [];
  const texts = new Map();
  let differing = 0;
  const check = (index, text) => {
    const image = index % images.length;
    if (!texts.has(image)) texts.set(image, text);
    if (texts.get(image) !== text) differing++;
  };
  const every = Math.max(1, Math.floor(count / SAMPLES));
  let sampled = 0;
  for (let done = 0; done < count;) {
    const image = images[done % images.length];
    const way = Math.floor(done / images.length) % 4;
    if (way === 3) {
      const batch = images.slice(0, count - done);
      let at = done;
      for await (const { value } of captioner.captionAll(batch, { numBeams: 1 })) check(at++ - done, value.text);
      done += batch.length;
    } else if (way === 2) {
      const stream = captioner.stream(image, { numBeams: 1 });
      for await (const piece of stream) void piece;
      check(done++, (await stream.result).text);
    } else {
      check(done++, (await captioner.caption(image, { numBeams: 1 })).text);
    }
    if (done >= sampled + every) {
      samples.push(await processState());
      sampled += every;
    }
    tell(done);
  }
  await captioner.dispose();
  const found = growth(samples);
  return { ...found, checks: { 'the same texts to the end': differing === 0, ...flatness(found, most) } };
}
