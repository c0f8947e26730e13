import { expect, test } from 'vitest';
import { expectCaptionsOfNode } from './captions-as-node.js';
import type { TestPage } from './page-helpers.js';
import { describeInBrowser } from './support.js';

declare const captioneer: TestPage['captioneer'];
declare const failure: TestPage['failure'];

describeInBrowser('the default model in a browser', ({ open }) => {
  test('says what it says in Node', async () => {
    const page = await open();
    await expectCaptionsOfNode((run, names) => page.evaluate(run, names));
  });

  test('streams, describes many at once, loads from memory, and ends with dispose', async () => {
    const page = await open();
    const found = await page.evaluate(async () => {
      const names = ['captioneer.json', 'encoder.onnx', 'decoder.onnx', 'tokenizer.json'];
      const read = async (name: string) =>
        [name, await (await fetch(`/models/default/${name}`)).arrayBuffer()] as const;
      const files = Object.fromEntries(await Promise.all(names.map(read)));
      const captioner = await captioneer.Captioner.load(files, {
        runtime: { wasmUrl: '/runtime/ort-wasm-simd-threaded.wasm' },
      });
      const once = await captioner.caption('/images/cat.jpg');
      const atOnce = await Promise.all([1, 2, 3].map(() => captioner.caption('/images/cat.jpg')));
      const all: unknown[] = [];
      for await (const outcome of captioner.captionAll(['/images/cat.jpg', '/images/none.jpg']))
        all.push(outcome.status);
      let streamed = '';
      for await (const piece of captioner.stream('/images/cat.jpg')) streamed += piece;
      await captioner.dispose();
      return {
        text: once.text,
        atOnce: atOnce.map(({ text }) => text),
        all,
        streamed,
        after: await failure(captioner.caption('/images/cat.jpg')),
      };
    });
    expect(found.text).toMatch(/cat/);
    expect(found.atOnce).toEqual([found.text, found.text, found.text]);
    expect(found.streamed).toBe(found.text);
    expect(found.all).toEqual(['fulfilled', 'rejected']);
    expect(found.after).toMatchObject({ name: 'DisposedError', code: 'DISPOSED' });
  });

  test('an abort reason comes out as it is', async () => {
    const page = await open();
    const isSame = await page.evaluate(async () => {
      const reason = { why: 'enough' };
      const stopped = captioneer.Captioner.load('/models/default/', { signal: AbortSignal.abort(reason) });
      return stopped.then(
        () => false,
        (error: unknown) => error === reason,
      );
    });
    expect(isSame).toBe(true);
  });
});
