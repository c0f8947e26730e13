import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { Dtype } from '../../src/core/index.js';
import { cleanText } from '../../src/captioner/clean-text.js';
import { checkpointFiles, florenceFiles, loadPictures, recorded, recordedFlorence } from '../hub/checkpoints.js';
import { hubOfTest } from '../hub/hub-of-test.js';
import type { HubModel } from '../hub/hub-server.js';
import type { TestPage } from './page-helpers.js';
import { describeInBrowser } from './support.js';

declare const captioneer: TestPage['captioneer'];
declare const failure: TestPage['failure'];
declare const watchedRuntime: TestPage['watchedRuntime'];

const CHECKPOINT: HubModel = { files: checkpointFiles('vit') };
const PRIVATE: HubModel = { ...CHECKPOINT, closed: { as: 'private', token: 'hf_secret' } };
const WASM_URL = '/runtime/ort-wasm-simd-threaded.wasm';

/** Loads `owner/name` in a page and captions one of the recorded pictures: ids and texts of the beams. */
async function captionsOf(page: Page, hubUrl: string, name: string, dtype?: Dtype): Promise<unknown> {
  const { data, width, height } = loadPictures()[name]!;
  const settings = {
    hub: { url: hubUrl },
    limits: { hubRetryWaitsMs: [] },
    runtime: { wasmUrl: WASM_URL },
    ...(dtype && { dtype }),
  };
  return page.evaluate(
    async ([options, pixels, size]) => {
      const captioner = await captioneer.Captioner.load('owner/name', options);
      const image = { data: Uint8Array.from(pixels), ...size };
      const { captions } = await captioner.caption(image, { numBeams: 3, numCaptions: 3, maxLength: 12 });
      await captioner.dispose();
      return captions.map(({ tokens, text, finishReason }) => ({
        ids: tokens.map(({ id }) => id),
        text,
        isFinished: finishReason === 'stop',
      }));
    },
    [settings, [...data], { width, height }] as const,
  );
}

describeInBrowser('a model of the hub, by its id', ({ newContext, open }) => {
  const [picture, expected] = Object.entries(recorded.checkpoints.vit!.pictures)[0]!;

  test('loads in one line, is kept, and loads again with the hub gone', async () => {
    const hub = await hubOfTest({ 'owner/name': CHECKPOINT });
    const { url } = hub;
    const context = await newContext();
    expect(await captionsOf(await open({ context }), url, picture)).toEqual(expected.beams);
    expect(hub.seen.some(({ host }) => host === 'storage')).toBe(true);

    hub.seen.length = 0;
    expect(await captionsOf(await open({ context }), url, picture)).toEqual(expected.beams);
    expect(hub.filesAsked('hub').concat(hub.filesAsked('storage'))).toEqual([]);

    await hub.stop();
    expect(await captionsOf(await open({ context }), url, picture)).toEqual(expected.beams);
  });

  test.each(['q8', 'fp16'] as const)('of the kind of weights that is asked for: %s', async (dtype) => {
    const hub = await hubOfTest({ 'owner/name': CHECKPOINT });
    expect(await captionsOf(await open(), hub.url, picture, dtype)).toHaveLength(3);
    expect(hub.filesAsked('hub').filter((path) => path.endsWith('.onnx'))).not.toContain('onnx/encoder_model.onnx');
  });

  test.each(['fp32', 'q8'] as const)(
    'whose decoder is taken apart: what is of the image alone runs once, %s',
    async (dtype) => {
      const hub = await hubOfTest({ 'owner/name': CHECKPOINT });
      const { data, width, height } = loadPictures()[picture]!;
      const page = await open();
      const { ids, graphs } = await page.evaluate(
        async ([hubUrl, wasmUrl, kind, pixels, size]) => {
          const { module, graphs: loaded } = watchedRuntime();
          const options = { hub: { url: hubUrl }, runtime: { wasmUrl, module }, dtype: kind };
          const captioner = await captioneer.Captioner.load('owner/name', options);
          const image = { data: Uint8Array.from(pixels), ...size };
          const { captions } = await captioner.caption(image, { numBeams: 3, numCaptions: 3, maxLength: 12 });
          await captioner.dispose();
          return { ids: captions.map(({ tokens }) => tokens.map(({ id }) => id)), graphs: loaded };
        },
        [hub.url, WASM_URL, dtype, [...data], { width, height }] as const,
      );
      const [encoder, imagePart, stepPart, ...others] = graphs.filter(({ runs }) => runs > 0); // the runtime is tried with a graph that does not run
      expect(others).toEqual([]);
      expect([encoder!.outputs, encoder!.runs]).toEqual([['last_hidden_state'], 1]);
      expect(imagePart!.outputs).not.toContain('logits');
      expect(stepPart!.outputs).toContain('logits');
      expect([imagePart!.runs, stepPart!.runs > 1]).toEqual([1, true]);
      if (dtype === 'fp32') expect(ids).toEqual(expected.beams.map((caption) => caption.ids));
    },
  );

  test('whose weights lie beside the graph', async () => {
    const hub = await hubOfTest({ 'owner/name': { files: checkpointFiles('vit', 'external') } });
    expect(await captionsOf(await open(), hub.url, picture)).toEqual(expected.beams);
  });

  test('that is asked in words: a Florence-2 captions, and reads', async () => {
    const hub = await hubOfTest({ 'owner/florence-like': { files: florenceFiles() } });
    const page = await open();
    const [[name, { tasks }]] = Object.entries(recordedFlorence.pictures) as [
      [string, (typeof recordedFlorence.pictures)[string]],
    ];
    const { data, width, height } = loadPictures()[name]!;
    const found = await page.evaluate(
      async ([hubUrl, wasmUrl, pixels, size]) => {
        const options = { hub: { url: hubUrl }, runtime: { wasmUrl } };
        const captioner = await captioneer.Captioner.load('owner/florence-like', options);
        const image = { data: Uint8Array.from(pixels), ...size };
        const search = { numBeams: 3, numCaptions: 3, maxLength: 13 };
        const detailed = await captioner.caption(image, { ...search, detail: 'detailed' });
        const text = await captioner.readText(image, search);
        await captioner.dispose();
        return [detailed, text].map(({ captions }) =>
          captions.map(({ tokens, text, finishReason }) => ({
            ids: tokens.map(({ id }) => id),
            text,
            isFinished: finishReason === 'stop',
          })),
        );
      },
      [hub.url, WASM_URL, [...data], { width, height }] as const,
    );
    const cleaned = (task: 'detailed' | 'text') =>
      tasks[task].searches['3']!.map((caption) => ({ ...caption, text: cleanText(caption.text).trim() }));
    expect(found).toEqual([cleaned('detailed'), cleaned('text')]);
  });

  test('that is private, with a token', async () => {
    const hub = await hubOfTest({ 'owner/name': PRIVATE });
    const page = await open();
    const load = (token?: string) =>
      page.evaluate(
        async (options) => {
          const files = await captioneer.webPlatform(options).findModelFiles('owner/name');
          return (await files.read('config.json')).byteLength;
        },
        { hub: { url: hub.url, ...(token !== undefined && { token }) } },
      );
    expect(await load('hf_secret')).toBe(CHECKPOINT.files['config.json']!.byteLength);
    expect(hub.seen.find(({ host }) => host === 'storage')?.authorization).toBeUndefined();
    await expect(load()).rejects.toThrow(/for which hub.token must be set/);
  });

  test('errors name the options of the browser', async () => {
    const hub = await hubOfTest({ 'owner/name': CHECKPOINT });
    const page = await open();
    const errors = await page.evaluate(async (hubUrl) => {
      const { Captioner, webPlatform } = captioneer;
      const at = (url: string, limits = {}) =>
        webPlatform({ hub: { url }, limits: { hubRetryWaitsMs: [], ...limits } });
      const open = (id: string, options = {}) => at(hubUrl).findModelFiles(id, options);
      const files = await at(hubUrl, { maxModelFileBytes: 100 }).findModelFiles('owner/name');
      return {
        missing: await failure(open('owner/none')),
        revision: await failure(open('owner/name', { revision: 'v9' })),
        dead: await failure(at('http://127.0.0.1:1').findModelFiles('owner/name')),
        dtype: await failure(Captioner.load('owner/name', { hub: { url: hubUrl }, dtype: 'q4x' as never })),
        tooLarge: await failure(files.read('onnx/encoder_model.onnx')),
      };
    }, hub.url);
    expect(errors.missing).toMatchObject({ name: 'FetchError', code: 'FETCH_FAILED' });
    expect(errors.missing.message).toMatch(
      /no such model at .*not looked for in this site: .* begins with .*; or it is a private one for which hub.token must be set/,
    );
    expect(errors.revision.message).toMatch(/no revision "v9"/);
    expect(errors.dead.message).toMatch(/the request failed .*CORS/);
    expect(errors.dtype).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(errors.tooLarge).toMatchObject({ code: 'MODEL_FILE' });
    expect(errors.tooLarge.message).toMatch(/100 are allowed \(maxModelFileBytes\)/);
  });
});
