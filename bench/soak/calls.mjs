import { Captioner } from '../../dist/index.js';
import { progress, smallImages } from './images.mjs';
import { processState } from './process-state.mjs';

const AT_ONCE = 64;

/** Rounds of 64 calls at once on one captioner; each must find what it finds alone. */
export async function calls(count, model) {
  const captioner = await Captioner.load(model, { numThreads: 1 });
  const images = await smallImages();
  const options = [{ numBeams: 1 }, { numBeams: 3 }, { numBeams: 2, numCaptions: 2 }];
  const alone = [];
  for (const image of images) {
    for (const each of options) alone.push((await captioner.caption(image, each)).text);
  }
  const tell = progress('calls', count);
  let wrong = 0;
  const states = [];
  for (let done = 0; done < count; done += AT_ONCE) {
    const results = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => {
        const at = index % alone.length;
        return captioner.caption(images[Math.floor(at / options.length)], options[at % options.length]);
      }),
    );
    wrong += results.filter(({ text }, index) => text !== alone[index % alone.length]).length;
    states.push(await processState());
    tell(done);
  }
  await captioner.dispose();
  const [first, last] = [states[0], states.at(-1)];
  return {
    resident: { early: first.resident, late: last.resident },
    residentChange: last.resident / first.resident - 1,
    wrong,
    checks: {
      'each call finds what it finds alone': wrong === 0,
      'files flat': last.files <= first.files,
      'threads flat': last.threads <= first.threads,
    },
  };
}
