import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkpointFiles } from '../hub/checkpoints.js';
import { hubOfTest } from '../hub/hub-of-test.js';
import type { TestPage } from './page-helpers.js';
import { bundle, FOLDERS, html, Site } from './site.js';
import { describeInBrowser } from './support.js';

type Failure = Awaited<ReturnType<TestPage['failure']>>;
type WorkerModule = typeof import('../../src/worker/web/index.js');

declare const captioneer: TestPage['captioneer'];
declare const failure: TestPage['failure'];
declare const WorkerCaptioner: WorkerModule['Captioner'];
/** Tells the test how many bytes the page has read. */
declare const tellRead: (bytes: number) => void;
/** Lets the worker die, and captions again. */
declare const finish: () => Promise<{ error: Failure; texts: string[]; workers: number }>;

const RUNTIME = { wasmUrl: '/runtime/ort-wasm-simd-threaded.wasm' };

/** Serves the smallest model, and breaks off in the middle of its decoder while `isBroken`. */
async function startBreakingServer(): Promise<{ url: string; isBroken: boolean }> {
  const server: Server = createServer((request, response) => {
    const content = readFileSync(join(FOLDERS['/models/'], 'vit-gpt2-a3ds', request.url!.slice(1)));
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-length': content.byteLength });
    if (!state.isBroken || request.url !== '/decoder.onnx') response.end(content);
    else response.write(content.subarray(0, content.byteLength / 2), () => response.destroy());
  });
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((down) => server.close(down));
  });
  const state = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, isBroken: true };
  return state;
}

describeInBrowser('what goes wrong around a page', ({ newContext, open }) => {
  test('a full disk: the quota of the page is exceeded', async () => {
    const hub = await hubOfTest();
    const context = await newContext();
    const page = await open({ context });
    const devTools = await context.newCDPSession(page);
    const { origin } = new URL(page.url());
    const load = () =>
      page.evaluate(async (url) => {
        const files = await captioneer.webPlatform({ hub: { url } }).findModelFiles('owner/name');
        const read = files.read('onnx/encoder_model.onnx').then(({ byteLength }) => byteLength);
        return { bytes: await read.catch(() => undefined), error: await failure(read).catch(() => undefined) };
      }, hub.url);
    await devTools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 20_000 });
    const full = await load();
    expect(full.error).toMatchObject({ name: 'ModelFileError', code: 'MODEL_FILE' });
    expect(full.error!.message).toMatch(
      /encoder_model\.onnx: the browser did not keep \d+ bytes\. Free some of the disk/,
    );
    // The page can go on as soon as there is space.
    await devTools.send('Storage.overrideQuotaForOrigin', { origin });
    expect((await load()).bytes).toBe(checkpointFiles('vit')['onnx/encoder_model.onnx']!.byteLength);
  });

  test('a network that is lost in the middle of a download from a folder', async () => {
    const server = await startBreakingServer();
    const page = await open();
    const broken = await page.evaluate(([url, runtime]) => failure(captioneer.Captioner.load(url, { runtime })), [
      server.url,
      RUNTIME,
    ] as const);
    expect(broken).toMatchObject({ name: 'FetchError', code: 'FETCH_FAILED' });
    expect(broken.message).toMatch(/decoder\.onnx/);
    server.isBroken = false;
    const text = await page.evaluate(
      async ([url, runtime]) => {
        const captioner = await captioneer.Captioner.load(url, { runtime });
        const { text } = await captioner.caption('/images/coffee.jpg');
        await captioner.dispose();
        return text;
      },
      [server.url, RUNTIME] as const,
    );
    expect(text).toMatch(/\w+ \w+/);
  });

  test('a network that is lost in the middle of a download from the hub, which then goes on where it broke', async () => {
    const hub = await hubOfTest();
    const name = 'onnx/encoder_model.onnx';
    const content = checkpointFiles('vit')[name]!;
    const half = Math.floor(content.byteLength / 2);
    const page = await open();
    let tellHalf = (): void => undefined;
    const halfIsRead = new Promise<void>((resolve) => (tellHalf = resolve));
    // A body that breaks takes with it what has not been read.
    await page.exposeFunction('tellRead', (bytes: number) => bytes >= half && tellHalf());
    const read = () =>
      page.evaluate(
        async ([url, file]) => {
          const files = await captioneer
            .webPlatform({ hub: { url }, limits: { hubRetryWaitsMs: [] } })
            .findModelFiles('owner/name', {
              progress: ({ file: path, loadedBytes }) => {
                if (path === file) tellRead(loadedBytes);
              },
            });
          const reading = files.read(file).then(({ byteLength }) => byteLength);
          return { bytes: await reading.catch(() => undefined), error: await failure(reading).catch(() => undefined) };
        },
        [hub.url, name] as const,
      );
    hub.intercept = ({ host }, response) => {
      if (host !== 'storage') return false;
      response.writeHead(200, { 'content-length': content.byteLength });
      response.write(content.subarray(0, half));
      void halfIsRead.then(() => response.destroy());
      return true;
    };
    expect((await read()).error).toMatchObject({ name: 'FetchError', code: 'FETCH_FAILED' });
    hub.intercept = undefined;
    hub.seen.length = 0;
    expect((await read()).bytes).toBe(content.byteLength);
    const [range] = hub.seen
      .filter(({ host, method }) => host === 'storage' && method === 'GET')
      .map(({ range }) => range);
    expect(range).toMatch(/^bytes=[1-9]\d*-/);
  });

  test('a worker that dies rejects what is under way, and the next call starts another', async () => {
    const site = await Site.start({
      files: {
        '/': `${html()}${html('/worker-page.js')}`,
        ...(await bundle('test/browser/page.mjs')),
        ...(await bundle('test/browser/worker-page.mjs')),
        ...(await bundle('dist/worker/web/thread.js')),
      },
      folders: FOLDERS,
    });
    onTestFinished(() => site.stop());
    const context = await newContext();
    const asked = new Promise<void>((resolve) => context.route('**/slow.jpg', () => resolve()).catch(() => undefined));
    const page = await open({ context, url: site.url });
    await page.waitForFunction(() => 'WorkerCaptioner' in globalThis);
    await page.evaluate(async (runtime) => {
      const workers: Worker[] = [];
      const captioner = await WorkerCaptioner.load('/models/vit-gpt2-a3ds/', {
        runtime,
        worker: () => {
          workers.push(new Worker('/thread.js', { type: 'module' }));
          return workers.at(-1)!;
        },
      });
      const before = await captioner.caption('/images/coffee.jpg');
      Object.assign(globalThis, {
        finish: async () => {
          // What the browser tells a page of a script that ended by an error that nobody caught.
          workers[0]!.dispatchEvent(new ErrorEvent('error', { message: 'Uncaught RangeError: out of memory' }));
          const error = await underWay;
          const after = await captioner.caption('/images/coffee.jpg');
          await captioner.dispose();
          return { error, texts: [before.text, after.text], workers: workers.length };
        },
      });
      const underWay = failure(captioner.caption('/slow.jpg'));
    }, RUNTIME);
    await asked;
    const found = await page.evaluate(() => finish());
    expect(found.error).toMatchObject({ name: 'RuntimeError', code: 'RUNTIME', isOurs: true });
    expect(found.error.message).toMatch(/worker of the captioner has ended\. The next call starts a new one/);
    expect(found.workers).toBe(2);
    expect(found.texts[1]).toBe(found.texts[0]);
  });
});
