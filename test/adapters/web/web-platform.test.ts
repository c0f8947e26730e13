import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { webPlatform, type OnnxRuntimeModule } from '../../../src/adapters/web/index.js';
import { failure, graph } from '../node/support.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.doUnmock('onnxruntime-web/wasm');
});

const bytes = new Uint8Array(await readFile(graph('reshape.onnx')));

describe('the inference runtime', () => {
  test('is asked for, where it is not installed', async () => {
    vi.doMock('onnxruntime-web/wasm', () => {
      throw new TypeError('Failed to resolve module specifier');
    });
    const error = await failure(webPlatform().createSession(bytes, 'encoder.onnx'));
    expect(error.name).toBe('RuntimeError');
    expect(error.message).toContain('npm install onnxruntime-web');
    expect(error.cause).toBeInstanceOf(Error);
  });

  test('may be given; where its loading fails, the next graph tries again', async () => {
    const runtime = await import('onnxruntime-node');
    let attempts = 0;
    const onnxruntime = async (): Promise<OnnxRuntimeModule> => {
      attempts += 1;
      if (attempts === 1) throw new Error('offline');
      const create = (content: Uint8Array) => runtime.InferenceSession.create(content, { logSeverityLevel: 4 });
      return { Tensor: runtime.Tensor, InferenceSession: { create }, env: { wasm: {} } };
    };
    const platform = webPlatform({ runtime: { module: onnxruntime } });
    expect(await failure(platform.createSession(bytes, 'reshape.onnx'))).toMatchObject({ name: 'RuntimeError' });
    const session = await platform.createSession(bytes, 'reshape.onnx');
    expect(session.inputs[0]?.name).toBe('x');
    await session.release();
  });

  test('that does not start says what to do', async () => {
    const create = () => Promise.reject(new Error('no available backend found. ERR: [wasm] CompileError: blocked'));
    const onnxruntime = async (): Promise<OnnxRuntimeModule> => {
      return { Tensor: {}, InferenceSession: { create }, env: { wasm: {} } };
    };
    const error = await failure(webPlatform({ runtime: { module: onnxruntime } }).createSession(bytes, 'reshape.onnx'));
    expect(error.name).toBe('RuntimeError');
    expect(error.message).toMatch(/did not start \(.*blocked\).*wasmUrl, then load the page again/);
  });
});

describe('the device', () => {
  /** A runtime that runs nothing, and what was asked of it. */
  function fakeRuntime() {
    const devices: string[] = [];
    const providers: unknown[] = [];
    const module = async (device: string): Promise<OnnxRuntimeModule> => {
      devices.push(device);
      const create = async (_: Uint8Array, options: { executionProviders: unknown }) => {
        providers.push(options.executionProviders);
        return { inputMetadata: [], outputMetadata: [], outputNames: [], release: async () => undefined };
      };
      return { Tensor: {}, InferenceSession: { create }, env: { wasm: {} } };
    };
    return { module, devices, providers };
  }

  const withAdapter = (requestAdapter: () => Promise<object | null>): void => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter } });
  };

  test.each([
    ['webgpu', 'webgpu'],
    ['auto', 'wasm'],
    ['wasm', 'wasm'],
  ] as const)('%s with a graphics adapter is %s', async (device, expected) => {
    withAdapter(async () => ({}));
    const { module, devices, providers } = fakeRuntime();
    const onWarning = vi.fn();
    const session = await webPlatform({ device, runtime: { module }, onWarning }).createSession(bytes, 'a.onnx');
    expect({ device: session.device, devices, providers }).toEqual({
      device: expected,
      devices: [expected],
      providers: [[expected]],
    });
    expect(onWarning).not.toHaveBeenCalled();
  });

  test.each([
    ['no WebGPU', () => vi.stubGlobal('navigator', {}), /secure contexts/],
    ['no adapter', () => withAdapter(async () => null), /found no graphics adapter/],
    [
      'an adapter that fails',
      () => withAdapter(() => Promise.reject(new Error('lost'))),
      /no graphics adapter \(lost\)/,
    ],
  ])('webgpu in a browser with %s is wasm, with one warning', async (_, stub, expected) => {
    stub();
    const { module, devices, providers } = fakeRuntime();
    const onWarning = vi.fn();
    const platform = webPlatform({ device: 'webgpu', runtime: { module }, onWarning });
    const sessions = [await platform.createSession(bytes, 'a.onnx'), await platform.createSession(bytes, 'b.onnx')];
    expect(sessions.map(({ device }) => device)).toEqual(['wasm', 'wasm']);
    expect([...devices, ...providers.flat()].every((device) => device === 'wasm')).toBe(true);
    expect(onWarning.mock.calls).toEqual([
      [{ code: 'device-fallback', message: expect.stringMatching(expected) as string }],
    ]);
  });
});

describe('a page that is no secure context', () => {
  test('cannot check files', async () => {
    vi.stubGlobal('crypto', {});
    const error = await failure(webPlatform().fingerprint(bytes));
    expect(error.name).toBe('RuntimeError');
    expect(error.message).toMatch(/Web Crypto.* secure contexts\. Serve the page over https, or from localhost\.$/);
  });

  test('cannot keep models of the hub', async () => {
    vi.stubGlobal('caches', undefined);
    const error = await failure(webPlatform().findModelFiles('owner/name'));
    expect(error.name).toBe('RuntimeError');
    expect(error.message).toMatch(/Cache Storage.* secure contexts/);
  });
});

describe('addresses', () => {
  test('are relative to the page, or to the worker', async () => {
    vi.stubGlobal('location', new URL('https://example.org/app/worker.js'));
    expect((await webPlatform().findModelFiles('./models/a')).location).toBe('https://example.org/app/models/a');
    vi.stubGlobal('document', { baseURI: 'https://example.org/other/' });
    expect((await webPlatform().findModelFiles('/models/a/')).location).toBe('https://example.org/models/a');
    expect((await webPlatform().findModelFiles('models/a/')).location).toBe('https://example.org/other/models/a');
  });

  test('without a page only whole ones', async () => {
    expect(await failure(webPlatform().findModelFiles('./models/a'))).toMatchObject({ argument: 'source' });
    expect((await webPlatform().findModelFiles('https://example.org/a')).location).toBe('https://example.org/a');
  });
});

describe('a page of another scheme than http, as an extension has', () => {
  const fetching = async (url: string | URL | Request) => {
    const there = (url as string).endsWith('/captioneer.json');
    return there ? new Response('{}') : Promise.reject(new TypeError('Failed to fetch'));
  };

  test('has models and images of its own scheme', async () => {
    vi.stubGlobal('location', new URL('chrome-extension://abc/offscreen.html'));
    const files = await webPlatform({ fetch: fetching }).findModelFiles('/models/a/');
    expect(files.location).toBe('chrome-extension://abc/models/a');
    expect(await files.has('captioneer.json')).toBe(true);
    // An extension's missing file is a failed request and not a 404.
    expect(await files.has('config.json')).toBe(false);
    expect(await files.has('encoder.onnx')).toBe(false);
    const error = await failure(webPlatform({ fetch: fetching }).decodeImage('/a.jpg'));
    expect(error).toMatchObject({ code: 'FETCH_FAILED' });
  });

  test.each(['https://example.org/', 'file:///app/index.html'])('which %s has not', async (page) => {
    vi.stubGlobal('location', new URL(page));
    const others = page.startsWith('file:') ? './models/a' : 'chrome-extension://abc/models/a';
    expect(await failure(webPlatform().findModelFiles(others))).toMatchObject({ argument: 'source' });
    expect(await failure(webPlatform().decodeImage(`${others}.jpg`))).toMatchObject({ argument: 'image' });
  });
});

test('a guard of addresses that a browser cannot give is refused, not ignored', () => {
  expect(() => webPlatform({ limits: { allowPrivateNetworks: false } })).toThrow(
    /allowPrivateNetworks cannot be false in a browser/,
  );
});
