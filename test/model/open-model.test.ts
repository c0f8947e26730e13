import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import {
  InvalidArgumentError,
  ManifestError,
  ModelFileError,
  ModelMismatchError,
  type OpenModelOptions,
  type Platform,
  type Session,
} from '../../src/core/index.js';
import { openModel, type Model } from '../../src/model/index.js';
import { DEFAULT_MODEL, modelBuffers, vouch } from './model-folder.js';

/** The Node platform, counting the sessions that are open. */
function countingPlatform(): { platform: Platform; open: () => number } {
  const node = nodePlatform();
  let open = 0;
  const createSession: Platform['createSession'] = async (...args) => {
    const session = await node.createSession(...args);
    open++;
    const release = async (): Promise<void> => {
      open--;
      await session.release();
    };
    return Object.assign(Object.create(session) as Session, { release, run: session.run.bind(session) });
  };
  return { platform: Object.assign(Object.create(node) as Platform, { createSession }), open: () => open };
}

const models: Model[] = [];
afterEach(async () => {
  await Promise.all(models.splice(0).map((model) => model.release()));
});

async function open(...args: Parameters<typeof openModel>): Promise<Model> {
  const model = await openModel(...args);
  models.push(model);
  return model;
}

test.each(['blip', 'git-large'])('%s, which has no graphs in public, says how it is exported', async (name) => {
  const error = await failure(name);
  expect(error).toMatchObject({ name: 'InvalidArgumentError', argument: 'source' });
  expect((error as Error).message).toMatch(
    /weights for PyTorch only.*captioneer-export (blip|git) \w+\/[\w-]+ \S+ --dtype int8.*'\.\/\S+'/,
  );
});

test('a graph whose weights the manifest does not vouch for is refused', async () => {
  const graph = (name: string): Uint8Array =>
    new Uint8Array(readFileSync(new URL(`../fixtures/graphs/${name}`, import.meta.url)));
  const encoder = graph('external.onnx');
  const files = modelBuffers((manifest) => Object.assign(manifest.graphs.encoder!, vouch(encoder)), {
    'encoder.onnx': encoder,
    'external.onnx_data': graph('external.onnx_data'),
  });
  const folder = await mkdtemp(join(tmpdir(), 'captioneer-weights-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, data] of Object.entries(files)) await writeFile(join(folder, name), data as Uint8Array);
  for (const source of [files, folder]) {
    const error = await failure(source);
    expect(error).toMatchObject({ name: 'ModelFileError', file: 'encoder.onnx' });
    expect((error as Error).message).toMatch(/takes weights from the file "external.onnx_data"/);
  }
});

describe('a model opens from', () => {
  test.each([
    ['the package', undefined],
    ['a folder', DEFAULT_MODEL],
    ['a file: URL', new URL(`file://${DEFAULT_MODEL}/`)],
    ['buffers', modelBuffers()],
  ])('%s', async (_, source) => {
    const model = await open(nodePlatform(), source);
    expect(model.tokenizer.vocabularySize).toBe(model.manifest.vocabularySize);
  });
});

async function failure(source: Parameters<typeof openModel>[1], options?: OpenModelOptions): Promise<unknown> {
  const { platform, open: sessions } = countingPlatform();
  const error: unknown = await openModel(platform, source, options).then(
    () => new Error('The model was accepted.'),
    (reason: unknown) => reason,
  );
  expect(sessions(), 'sessions left open').toBe(0);
  return error;
}

describe('nothing stays loaded, and the error says what is wrong, with', () => {
  test('a missing graph', async () => {
    const error = await failure(modelBuffers(undefined, { 'decoder.onnx': undefined }));
    expect(error).toBeInstanceOf(ModelFileError);
    expect((error as ModelFileError).file).toBe('decoder.onnx');
  });

  test('a graph cut short', async () => {
    const whole = modelBuffers()['decoder.onnx'] as Uint8Array;
    const error = await failure(modelBuffers(undefined, { 'decoder.onnx': whole.subarray(0, 1000) }));
    expect((error as Error).message).toMatch(/decoder\.onnx is cut short: expected \d+ bytes, found 1000/);
  });

  test('an altered graph', async () => {
    const altered = Uint8Array.from(modelBuffers()['decoder.onnx'] as Uint8Array);
    altered[altered.length >> 1]! ^= 1;
    const error = await failure(modelBuffers(undefined, { 'decoder.onnx': altered }));
    expect(error).toBeInstanceOf(ModelFileError);
    expect((error as Error).message).toMatch(/decoder\.onnx is altered: expected SHA-256/);
  });

  test('a graph that is none', async () => {
    const text = new TextEncoder().encode('not a graph');
    const change = modelBuffers((m) => (m.graphs.decoder = { ...m.graphs.decoder, ...vouch(text) }), {
      'decoder.onnx': text,
    });
    expect(await failure(change)).toMatchObject({ name: 'ModelFileError', file: 'decoder.onnx' });
  });

  test('graphs exchanged', async () => {
    const error = await failure(
      modelBuffers((m) => (m.graphs = { encoder: m.graphs.decoder!, decoder: m.graphs.encoder! })),
    );
    expect(error).toBeInstanceOf(ModelMismatchError);
    expect((error as Error).message).toMatch(/expected an input "pixel_values", found/);
  });

  test('a picture size that the graph has not', async () => {
    const error = await failure(modelBuffers((m) => (m.image.width = 256)));
    expect((error as Error).message).toMatch(
      /pixel_values: expected float32 \[\*, 3, 224, 256\], found float32 \[1, 3, 224, 224\]/,
    );
  });

  test('a grid of regions that the graph has not', async () => {
    const error = await failure(modelBuffers((m) => (m.regions = { rows: 8, columns: 8 })));
    expect((error as Error).message).toMatch(/attention: expected float32 \[\*, 64\]/);
  });

  test('a tokenizer of another size', async () => {
    const tokenizer = new TextEncoder().encode(JSON.stringify({ type: 'word-map', words: ['<pad>', 'a'] }));
    const error = await failure(
      modelBuffers((m) => Object.assign(m.tokenizer, vouch(tokenizer)), { 'tokenizer.json': tokenizer }),
    );
    expect(error).toBeInstanceOf(ModelMismatchError);
    expect((error as Error).message).toMatch(/tokens, as the manifest says, found 2/);
  });

  test('a tokenizer that is not JSON', async () => {
    const tokenizer = new TextEncoder().encode('[');
    const error = await failure(
      modelBuffers((m) => Object.assign(m.tokenizer, vouch(tokenizer)), { 'tokenizer.json': tokenizer }),
    );
    expect(error).toBeInstanceOf(ModelFileError);
  });

  test('another family, and another tokenizer', async () => {
    expect(await failure(modelBuffers((m) => (m.family = 'sorcery')))).toMatchObject({ part: 'family' });
    expect(await failure(modelBuffers((m) => (m.tokenizer.type = 'runes')))).toMatchObject({
      part: 'tokenizer.type',
    });
  });

  test('a folder that is not there', async () => {
    const error = await failure('/no/such/folder');
    expect(error).toBeInstanceOf(ModelFileError);
    expect((error as Error).message).toContain('/no/such/folder');
  });

  test('a manifest that is missing, or wrong', async () => {
    expect(await failure(modelBuffers(undefined, { 'captioneer.json': undefined }))).toBeInstanceOf(ModelFileError);
    expect(await failure(modelBuffers((m) => (m.image = undefined as never)))).toBeInstanceOf(ManifestError);
  });

  test('an unknown option, and a source that is none', async () => {
    expect(await failure(undefined, { thread: 1 } as never)).toMatchObject({ argument: 'thread' });
    expect(await failure(7 as never)).toBeInstanceOf(InvalidArgumentError);
  });
});

test('an abort stops the loading between two files', async () => {
  const controller = new AbortController();
  const { platform, open: sessions } = countingPlatform();
  const { createSession } = platform;
  const created: string[] = [];
  const aborting = Object.assign(Object.create(platform) as Platform, {
    createSession: (async (graph, name, options) => {
      created.push(name);
      const session = await createSession(graph, name, options);
      controller.abort('enough');
      return session;
    }) satisfies Platform['createSession'],
  });
  await expect(openModel(aborting, undefined, { signal: controller.signal })).rejects.toBe('enough');
  expect(created).toEqual(['encoder.onnx']);
  expect(sessions()).toBe(0);
});
