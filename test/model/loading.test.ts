import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/adapters/node/index.js';
import type { LoadProgress, ManifestError } from '../../src/core/index.js';
import { openCheckedModel, openModel } from '../../src/model/index.js';
import { failure, serve } from '../adapters/node/support.js';
import { commitOf, TestHub, type HubModel } from '../hub/hub-server.js';
import { startHub } from '../hub/support.js';
import { DEFAULT_MODEL, defaultManifest, modelBuffers } from './model-folder.js';

const platform = nodePlatform();
const contentOf = (name: string): Uint8Array => new Uint8Array(readFileSync(`${DEFAULT_MODEL}/${name}`));
const NAMES = ['tokenizer.json', 'encoder.onnx', 'decoder.onnx'];
const GRAPHS_AND_TOKENIZER = new Set(NAMES.map((name) => `/${name}`));

describe('the files of a model behind a URL', () => {
  test('come at once, the manifest first and once', async () => {
    const asked: string[] = [];
    const waiting: (() => void)[] = [];
    const { url } = await serve((request, response) => {
      const name = (request.url ?? '').slice(1);
      asked.push(name);
      const answer = (): unknown => response.end(contentOf(name));
      if (!GRAPHS_AND_TOKENIZER.has(`/${name}`)) return answer();
      waiting.push(answer);
      // Nothing is answered before all are asked for: one after the other they would wait for ever.
      if (waiting.length === NAMES.length) waiting.forEach((send) => send());
      return undefined;
    });
    await (await openModel(platform, url)).release();
    expect(asked[0]).toBe('captioneer.json');
    expect(asked.slice(1).sort()).toEqual([...NAMES].sort());
  });

  test('progress knows the whole from the manifest, even if the server does not tell', async () => {
    const { url } = await serve((request, response) => {
      response.setHeader('transfer-encoding', 'chunked');
      response.end(contentOf((request.url ?? '').slice(1)));
    });
    const told: LoadProgress[] = [];
    await (await openModel(platform, url, { progress: (progress) => told.push(progress) })).release();
    const { graphs, tokenizer } = defaultManifest() as unknown as {
      graphs: Record<string, { bytes: number }>;
      tokenizer: { bytes: number };
    };
    const totalBytes = graphs.encoder!.bytes + graphs.decoder!.bytes + tokenizer.bytes;
    expect(told.at(-1)?.model).toEqual({ loadedBytes: totalBytes, totalBytes });
    const encoder = told.filter(({ file }) => file === 'encoder.onnx');
    expect(encoder.at(-1)).toMatchObject({ loadedBytes: graphs.encoder!.bytes, totalBytes: graphs.encoder!.bytes });
    const loaded = told.flatMap(({ model }) => (model ? [model.loadedBytes] : []));
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
  });

  test('one that fails stops the others', async () => {
    const open = new Set<ServerResponse>();
    const { url } = await serve((request, response) => {
      const name = (request.url ?? '').slice(1);
      if (name === 'captioneer.json') return response.end(contentOf(name));
      if (name === 'decoder.onnx') return setTimeout(() => response.writeHead(404).end(), 50);
      open.add(response);
      response.on('close', () => open.delete(response));
      return response.write('x');
    });
    expect(await failure(openModel(platform, url))).toMatchObject({ name: 'FetchError', status: 404 });
    await expect.poll(() => open.size).toBe(0);
  });
});

describe('the files of a model on the hub', () => {
  const MODEL: HubModel = {
    files: Object.fromEntries(['captioneer.json', ...NAMES].map((name) => [name, contentOf(name)])),
  };

  test('come at once too, and are hashed once', async () => {
    const { hub } = await startHub({ 'owner/name': MODEL });
    const waiting: (() => void)[] = [];
    hub.intercept = ({ host, path }, response) => {
      if (host !== 'storage') return false;
      const content = Object.values(MODEL.files).find((file) => path.includes(TestHub.hash(file)));
      waiting.push(() => response.end(content));
      if (waiting.length === NAMES.length + 1) waiting.forEach((send) => send());
      if (waiting.length === 1) waiting[0]!(); // the manifest
      return true;
    };
    let fingerprints = 0;
    const counting = { ...platform, fingerprint: () => Promise.reject(new Error(`${(fingerprints += 1)}`)) };
    await (await openModel(counting, 'owner/name')).release();
    expect(fingerprints).toBe(0);
    expect(commitOf(MODEL, 'main')).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe('the graphs of a model', () => {
  test('one is checked while the other is loaded, and what needs neither is done meanwhile', async () => {
    const { graphs } = defaultManifest() as unknown as { graphs: { decoder: { bytes: number } } };
    const order: string[] = [];
    let decoderIsChecked: () => void = () => undefined;
    const checked = new Promise<void>((resolve) => (decoderIsChecked = resolve));
    const watched: typeof platform = {
      ...platform,
      async fingerprint(source, signal) {
        const found = await platform.fingerprint(source, signal);
        if (found.bytes === graphs.decoder.bytes) decoderIsChecked();
        return found;
      },
      async createSession(graph, name, options) {
        order.push(`begin ${name}`);
        await checked; // the encoder's graph would never be loaded if the decoder's file were read after it
        order.push(`end ${name}`);
        return platform.createSession(graph, name, options);
      },
    };
    const model = await openCheckedModel(watched, modelBuffers(), {}, ({ manifest, tokenizer }) => {
      order.push(`${manifest.name}, ${tokenizer.vocabularySize} tokens`);
    });
    await model.release();
    expect(order).toEqual([
      'begin encoder.onnx',
      `default, ${model.tokenizer.vocabularySize} tokens`,
      'end encoder.onnx',
      'begin decoder.onnx',
      'end decoder.onnx',
    ]);
  });

  test('if both are altered, the encoder is told', async () => {
    const altered = (name: string): Uint8Array => contentOf(name).map((byte, at) => (at === 99 ? byte ^ 1 : byte));
    const files = {
      ...modelBuffers(),
      'encoder.onnx': altered('encoder.onnx'),
      'decoder.onnx': altered('decoder.onnx'),
    };
    expect((await failure(openModel(platform, files))).message).toMatch(/encoder\.onnx is altered/);
  });
});

describe('a manifest from elsewhere is bounded', () => {
  const errorOf = async (manifest: string): Promise<ManifestError> => {
    const files = { ...modelBuffers(), 'captioneer.json': new TextEncoder().encode(manifest) };
    return (await failure(openModel(platform, files))) as unknown as ManifestError;
  };

  test.each([
    ['nested deeply', `${'['.repeat(5000)}${']'.repeat(5000)}`, /JSON nested at most 64 deep/],
    [
      'nested deeply in a field',
      `{"formatVersion":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`,
      /nested at most 64/,
    ],
    ['long', `{"name":"${'x'.repeat(5_000_000)}"}`, /at most 4194304 bytes/],
  ])('%s', async (_, manifest, message) => {
    const error = await errorOf(manifest);
    expect(error).toMatchObject({ name: 'ManifestError', code: 'MANIFEST_INVALID' });
    expect(error.message).toMatch(message);
  });

  test('brackets in texts do not count', async () => {
    const error = await errorOf(JSON.stringify({ formatVersion: 9, name: '['.repeat(100) + '"\\' }));
    expect(error.field).toBe('formatVersion');
  });

  test('not in UTF-8', async () => {
    const files = { ...modelBuffers(), 'captioneer.json': Uint8Array.of(0x7b, 0xff, 0x7d) };
    expect((await failure(openModel(platform, files))).message).toMatch(/JSON in UTF-8/);
  });

  test.each([
    ['generation.maxLength', (m: any) => (m.generation.maxLength = 1e9)],
    [
      'generation.maxLength',
      (m: any) => Object.assign(m, { maxPositions: 65_536 }).generation && (m.generation.maxLength = 65_536),
    ],
    ['maxPositions', (m: any) => (m.maxPositions = 1e9)],
    ['vocabularySize', (m: any) => (m.vocabularySize = 1e12)],
    ['regions.rows', (m: any) => (m.regions.rows = 1e9)],
    ['prefix.length', (m: any) => (m.prefix = { length: 1e9, width: 4, isNormalized: true })],
  ])('%s', async (field, change) => {
    const manifest = defaultManifest() as unknown;
    change(manifest);
    expect(await errorOf(JSON.stringify(manifest))).toMatchObject({ name: 'ManifestError', field });
  });
});
