import { expect, onTestFinished, test } from 'vitest';
import type { Page } from 'playwright-core';
import { checkpointFiles, loadPictures, recorded } from '../hub/checkpoints.js';
import { SOFTWARE_GPU } from './chromium.js';
import type { TestPage } from './page-helpers.js';
import { bundle, FOLDERS, html, Site } from './site.js';
import { describeInBrowser } from './support.js';

declare const captioneer: TestPage['captioneer'];

const RUNTIME = {
  wasmUrl: '/runtime/ort-wasm-simd-threaded.wasm',
  webgpuWasmUrl: '/runtime/ort-wasm-simd-threaded.asyncify.wasm',
};

/** A site of its own, so that what the page asks for is known. */
async function startSite(files: Record<string, string | Uint8Array> = {}): Promise<Site> {
  const site = await Site.start({
    files: { '/': html(), ...(await bundle('test/browser/page.mjs')), ...files },
    folders: FOLDERS,
  });
  onTestFinished(() => site.stop());
  return site;
}

/** A checkpoint in the public layout. */
const VIT = Object.entries(checkpointFiles('vit')).map(([path, bytes]) => [`/vit/${path}`, bytes] as const);

const wasmFiles = ({ asked }: Site): string[] => asked.filter((path) => path.endsWith('.wasm'));

/** The start of a caption of the smallest model on a device: its tokens, their log-probabilities, and what was told. */
function captionOn(page: Page, device: 'auto' | 'webgpu') {
  return page.evaluate(
    async ([device, runtime]) => {
      const warnings: { code: string; message: string }[] = [];
      const captioner = await captioneer.Captioner.load('/models/vit-gpt2-a3ds/', {
        device,
        runtime,
        onWarning: (warning) => warnings.push(warning),
      });
      const { tokens } = await captioner.caption('/images/coffee.jpg', { maxLength: 4 });
      const found = { ids: tokens.map(({ id }) => id), logProbs: tokens.map(({ logProb }) => logProb) };
      const result = { ...found, device: captioner.device, warnings };
      await captioner.dispose();
      return result;
    },
    [device, RUNTIME] as const,
  );
}

describeInBrowser(
  'WebGPU, on a graphics adapter in software',
  // One page for all: each would compile the runtime, and its shaders, anew.
  ({ shared, site }) => {
    test('gives the tokens that WebAssembly gives, and says that it ran them', async () => {
      const page = await shared();
      const found = await captionOn(page, 'webgpu');
      expect(found).toMatchObject({ device: 'webgpu', warnings: [] });
      expect(wasmFiles(site())).toEqual([RUNTIME.webgpuWasmUrl]);
      // The other build of the runtime, in the same page.
      const expected = await captionOn(page, 'auto');
      expect(expected).toMatchObject({ device: 'wasm', warnings: [] });
      expect(wasmFiles(site())).toEqual(Object.values(RUNTIME).reverse());
      expect(found.ids).toEqual(expected.ids);
      for (const [index, logProb] of found.logProbs.entries())
        expect(logProb).toBeCloseTo(expected.logProbs[index]!, 3);
    });

    test('gives the beams that were recorded, of a checkpoint in the public layout', async () => {
      const { vit } = recorded.checkpoints;
      const [name, expected] = Object.entries(vit!.pictures)[0]!;
      const { data, width, height } = loadPictures()[name]!;
      const page = await shared();
      const found = await page.evaluate(
        async ([pixels, size, runtime]) => {
          const captioner = await captioneer.Captioner.load('/vit/', { device: 'webgpu', runtime });
          const image = { data: Uint8Array.from(pixels), ...size };
          const { captions } = await captioner.caption(image, { numBeams: 3, numCaptions: 3, maxLength: 12 });
          await captioner.dispose();
          return captions.map(({ tokens }) => tokens.map(({ id }) => id));
        },
        [[...data], { width, height }, RUNTIME] as const,
      );
      expect(found).toEqual(expected.beams.map(({ ids }) => ids));
    });
  },
  { args: SOFTWARE_GPU, files: Object.fromEntries(VIT) },
);

describeInBrowser('a browser without a graphics adapter', ({ open }) => {
  test('runs a model that was wanted on WebGPU on WebAssembly, and says so once', async () => {
    const site = await startSite();
    const page = await open({ url: site.url });
    const found = await captionOn(page, 'webgpu');
    expect(found.device).toBe('wasm');
    expect(found.ids).toHaveLength(4);
    expect(found.warnings.map(({ code }) => code)).toEqual(['device-fallback']);
    expect(found.warnings[0]!.message).toMatch(/^device 'webgpu' is not available: .* runs on 'wasm' instead/);
    expect(wasmFiles(site)).toEqual([RUNTIME.wasmUrl]);
  });

  test('tells so through a worker', async () => {
    const worker = {
      ...(await bundle('dist/worker/web/thread.js')),
      ...(await bundle('test/browser/worker-page.mjs')),
    };
    const files = { '/both': `${html()}${html('/worker-page.js')}`, ...worker };
    const page = await open({ url: `${(await startSite(files)).url}both` });
    await page.waitForFunction(() => 'WorkerCaptioner' in globalThis);
    const found = await page.evaluate(async (runtime) => {
      type Module = typeof import('../../src/worker/web/index.js');
      const { Captioner } = {
        Captioner: (globalThis as unknown as { WorkerCaptioner: Module['Captioner'] }).WorkerCaptioner,
      };
      const codes: string[] = [];
      const captioner = await Captioner.load('/models/vit-gpt2-a3ds/', {
        device: 'webgpu',
        runtime,
        worker: () => new Worker('/thread.js', { type: 'module' }),
        onWarning: ({ code }) => codes.push(code),
      });
      const { device } = captioner;
      await captioner.dispose();
      return { device, codes };
    }, RUNTIME);
    expect(found).toEqual({ device: 'wasm', codes: ['device-fallback'] });
  });
});
