import { expect, onTestFinished, test } from 'vitest';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { Captioner } from '../../src/index.js';
import type { TestPage } from './page-helpers.js';
import { bundle, FOLDERS, html, POLICY, ROOT, Site } from './site.js';
import { describeInBrowser } from './support.js';

declare const captioneer: TestPage['captioneer'];
declare const failure: TestPage['failure'];

const WASM_URL = '/runtime/ort-wasm-simd-threaded.wasm';
/** With these a page may share memory with its workers. */
const ISOLATED = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** What the smallest model says in Node of the picture that the pages here caption. */
async function expectedText(): Promise<string> {
  await using captioner = await Captioner.load(FOLDERS['/models/'] + '/vit-gpt2-a3ds');
  return (await captioner.caption(`${FOLDERS['/images/']}/coffee.jpg`)).text;
}

/** What it says in a page. */
function captionIn(page: Page, options: object): Promise<string> {
  return page.evaluate(async (settings) => {
    const captioner = await captioneer.Captioner.load('/models/vit-gpt2-a3ds/', settings);
    const { text } = await captioner.caption('/images/coffee.jpg');
    await captioner.dispose();
    return text;
  }, options);
}

async function startSite(files: Record<string, string | Uint8Array>, headers?: Record<string, string>): Promise<Site> {
  const site = await Site.start({ files: { '/': html(), ...files }, folders: FOLDERS, ...(headers && { headers }) });
  onTestFinished(() => site.stop());
  return site;
}

describeInBrowser('where a browser runs the package', ({ open }) => {
  test('in a worker', async () => {
    const { url } = await startSite(await bundle('test/browser/page.mjs', 'test/browser/worker.mjs'));
    const page = await open({ url });
    const found = await page.evaluate(async () => {
      const worker = new Worker('/worker.js', { type: 'module' });
      const answer = new Promise<unknown>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      });
      worker.postMessage('/images/coffee.jpg');
      return answer.finally(() => worker.terminate());
    });
    expect(found).toBe(await expectedText());
  });

  test('on two threads, in a page that is cross-origin isolated', async () => {
    const { url } = await startSite(await bundle('test/browser/page.mjs'), ISOLATED);
    const page = await open({ url });
    expect(await captionIn(page, { runtime: { wasmUrl: WASM_URL }, numThreads: 2 })).toBe(await expectedText());
  });

  test('under a policy that forbids WebAssembly, which says so', async () => {
    const policy = POLICY.replace(" 'wasm-unsafe-eval'", '');
    const { url } = await startSite(await bundle('test/browser/page.mjs'), { 'content-security-policy': policy });
    const page = await open({ url });
    const error = await page.evaluate(
      (wasmUrl) => failure(captioneer.Captioner.load('/models/vit-gpt2-a3ds/', { runtime: { wasmUrl } })),
      WASM_URL,
    );
    expect(error).toMatchObject({ name: 'RuntimeError', code: 'RUNTIME' });
    expect(error.message).toMatch(/may not run WebAssembly \(.*\)\. .*allow 'wasm-unsafe-eval' in its script-src/s);
  });

  test('bundled by Vite, which finds the file of the runtime by itself', async () => {
    const { url } = await startSite(await viteBundle());
    const page = await open({ url });
    expect(await captionIn(page, {})).toBe(await expectedText());
  });

  test('bundled by esbuild, without wasmUrl: beside the script of the runtime', async () => {
    const files = await bundle('test/browser/page.mjs');
    const site = await Site.start({
      files: { '/': html(), ...files },
      folders: { ...FOLDERS, '/': FOLDERS['/runtime/'] },
    });
    onTestFinished(() => site.stop());
    expect(await captionIn(await open({ url: site.url }), {})).toBe(await expectedText());
    expect(site.asked).toContain('/ort-wasm-simd-threaded.wasm');
  });
});

/** The page's script as Vite builds it, and what it needs. */
async function viteBundle(): Promise<Record<string, string | Uint8Array>> {
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      rolldownOptions: { input: 'test/browser/page.mjs', output: { entryFileNames: '[name].js' } },
    },
  });
  if (!('output' in built)) throw new Error('Vite built more than one bundle, or watches.');
  return Object.fromEntries(
    built.output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
  );
}
