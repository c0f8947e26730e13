import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';

/** The thread's own file is a built one, so the built package is tested. */
const { Captioner } = (await import(
  new URL('../../dist/worker/node/index.js', import.meta.url).href
)) as typeof import('../../src/worker/node/index.js');

it('a batch does not keep the images that are done', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const captioner = await Captioner.load();
  const images: WeakRef<Uint8Array>[] = [];
  async function* numbered() {
    for (let index = 0; index < 12; index += 1) {
      const image = new Uint8Array([index]); // no image, which is quick
      images.push(new WeakRef(image));
      yield image;
    }
  }
  let kept = Infinity;
  for await (const { index } of captioner.captionAll(numbered(), { batchSize: 1, maxAhead: 1 })) {
    if (index !== 10) continue;
    await new Promise((resolve) => setTimeout(resolve, 50));
    collect();
    kept = images.slice(0, 8).filter((image) => image.deref() !== undefined).length;
  }
  await captioner.dispose();
  expect(kept).toBe(0);
});
