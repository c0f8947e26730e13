import { expect, test } from 'vitest';
import { bundle, FOLDERS, POLICY, Site } from './site.js';
import { describeInBrowser } from './support.js';

type Module = typeof import('../../src/worker/web/index.js');

describeInBrowser('captioneer/worker', ({ open }) => {
  test('captions in a Web Worker while the page stays smooth', async () => {
    const site = await Site.start({
      files: {
        '/': '<canvas></canvas><script type="module" src="/page.js"></script><script type="module" src="/worker-page.js"></script>',
        ...(await bundle('test/browser/page.mjs')),
        ...(await bundle('test/browser/worker-page.mjs')),
        ...(await bundle('dist/worker/web/thread.js')),
      },
      folders: FOLDERS,
      headers: { 'content-security-policy': POLICY },
    });
    const page = await open({ url: site.url });
    await page.waitForFunction(() => 'WorkerCaptioner' in globalThis);
    const found = await page.evaluate(async () => {
      const Captioner = (globalThis as unknown as { WorkerCaptioner: Module['Captioner'] }).WorkerCaptioner;
      const longTasks: number[] = [];
      const captioner = await Captioner.load('/models/default/', {
        runtime: { wasmUrl: '/runtime/ort-wasm-simd-threaded.wasm' },
        worker: () => new Worker('/thread.js', { type: 'module' }),
      });
      new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
        type: 'longtask',
      });
      const caption = await captioner.caption('/images/cat.jpg', { attention: true });
      const blob = await (await fetch('/images/cat.jpg')).blob();
      const image = await createImageBitmap(blob);
      const canvas = document.querySelector('canvas')!;
      Object.assign(canvas, { width: image.width, height: image.height });
      canvas.getContext('2d')!.drawImage(image, 0, 0);
      const pieces: string[] = [];
      const stream = captioner.stream(blob, { numBeams: 1 });
      for await (const piece of stream) pieces.push(piece);
      const abort = new AbortController();
      const aborted = captioner.caption(blob, { signal: abort.signal }).catch((reason: unknown) => String(reason));
      abort.abort('enough');
      const result = {
        text: caption.text,
        hasAttention: caption.words[0]?.attention instanceof Float32Array,
        ofCanvas: (await captioner.caption(canvas)).text,
        streamed: [pieces.join(''), (await stream.result).text],
        aborted: await aborted,
        wrong: await captioner.caption('/images/none.jpg').catch((error: unknown) => (error as Error).name),
        longTasks,
      };
      await captioner.dispose();
      return result;
    });
    expect(found.text).toMatch(/cat/);
    expect(found.hasAttention).toBe(true);
    expect(found.ofCanvas).toBe(found.text);
    expect(found.streamed[0]).toBe(found.streamed[1]);
    expect(found.aborted).toBe('enough');
    expect(found.wrong).toBe('FetchError');
    await page.close();
    await site.stop();
  });
});
