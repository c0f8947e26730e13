import { expect, test } from 'vitest';
import type { TestPage } from './page-helpers.js';
import { describeInBrowser } from './support.js';

declare const captioneer: TestPage['captioneer'];
declare const failure: TestPage['failure'];

describeInBrowser('the inference runtime in a browser', ({ open }) => {
  test('a wasmUrl that is wrong says so, and does not spoil the next attempt', async () => {
    const page = await open();
    const found = await page.evaluate(async () => {
      const graph = new Uint8Array(await (await fetch('/graphs/reshape.onnx')).arrayBuffer());
      const create = (wasmUrl: string) =>
        captioneer.webPlatform({ runtime: { wasmUrl } }).createSession(graph, 'reshape.onnx');
      const { validate } = WebAssembly;
      WebAssembly.validate = () => false;
      const noSimd = await failure(create('/runtime/ort-wasm-simd-threaded.wasm'));
      WebAssembly.validate = validate;
      const missing = await failure(create('/runtime/none.wasm'));
      const page = await failure(create('/'));
      const session = await create('/runtime/ort-wasm-simd-threaded.wasm');
      const other = await failure(create('/runtime/other.wasm'));
      await (await captioneer.webPlatform({ numThreads: 1 }).createSession(graph, 'reshape.onnx')).release(); // the default
      const x = { type: 'float32', dims: [6], data: Float32Array.of(0, 1, 2, 3, 4, 5) } as const;
      const results = await Promise.all(Array.from({ length: 20 }, () => session.run({ x })));
      const failed = await failure(session.run({ x: { ...x, dims: [5], data: new Float32Array(5) } }));
      const again = await session.run({ x });
      await Promise.all([session.release(), session.release()]);
      return {
        noSimd,
        missing,
        page,
        other,
        failed,
        dims: [...results, again].map(({ y }) => y?.dims.join('×')),
        inputs: session.inputs,
        released: await failure(session.run({ x })),
      };
    });
    expect(found.noSimd).toMatchObject({ name: 'RuntimeError', code: 'RUNTIME' });
    expect(found.noSimd.message).toMatch(/has no SIMD, which ONNX Runtime needs\. Update the browser/);
    expect(found.missing).toMatchObject({ name: 'FetchError', code: 'FETCH_FAILED' });
    expect(found.missing.message).toMatch(/none\.wasm answered 404/);
    expect(found.page).toMatchObject({ name: 'RuntimeError', code: 'RUNTIME' });
    expect(found.page.message).toMatch(/is not WebAssembly\. Serve the file dist\/ort-wasm-simd-threaded\.wasm/);
    expect(found.other).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(found.other.message).toMatch(/has started with wasmUrl http.*threaded\.wasm/);
    expect(new Set(found.dims)).toEqual(new Set(['2×3']));
    expect(found.inputs).toEqual([{ name: 'x', type: 'float32', dims: expect.any(Array) as unknown }]);
    expect(found.failed).toMatchObject({ name: 'RuntimeError' });
    expect(found.failed.message).toMatch(/^reshape\.onnx: the graph failed while it ran \(.*Reshape/s);
    expect(found.released).toMatchObject({ name: 'DisposedError' });
  });

  test.each([
    ['compiles the file of wasmUrl as it arrives', true],
    ['takes its bytes from a server that does not say what it is', false],
  ])('%s', async (_, isTyped) => {
    const page = await open();
    if (!isTyped) {
      await page.route('**/*.wasm', (route) =>
        route.request().method() === 'HEAD' ? route.fulfill({ status: 405 }) : route.continue(),
      );
    }
    const numStreams = await page.evaluate(async () => {
      const real = WebAssembly.instantiateStreaming;
      let calls = 0;
      WebAssembly.instantiateStreaming = (...given) => {
        calls++;
        return real.apply(WebAssembly, given);
      };
      const graph = new Uint8Array(await (await fetch('/graphs/reshape.onnx')).arrayBuffer());
      const runtime = { wasmUrl: '/runtime/ort-wasm-simd-threaded.wasm' };
      await (await captioneer.webPlatform({ runtime }).createSession(graph, 'reshape.onnx')).release();
      return calls;
    });
    expect(numStreams).toBe(isTyped ? 1 : 0);
  });

  test('every type of tensor, and weights beside the graph', async () => {
    const page = await open();
    const found = await page.evaluate(async () => {
      const platform = captioneer.webPlatform({ runtime: { wasmUrl: '/runtime/ort-wasm-simd-threaded.wasm' } });
      const read = async (name: string) => new Uint8Array(await (await fetch(`/graphs/${name}`)).arrayBuffer());
      const identity = await platform.createSession(await read('identity.onnx'), 'identity.onnx');
      const outputs = await identity.run({
        floats: { type: 'float32', dims: [1, 2], data: Float32Array.of(1.5, -2) },
        longs: { type: 'int64', dims: [2], data: BigInt64Array.of(-1n, 2n ** 60n) },
        ints: { type: 'int32', dims: [3], data: Int32Array.of(-5, 0, 5) },
        flags: { type: 'bool', dims: [1], data: Uint8Array.of(1) },
        halves: { type: 'float16', dims: [2], data: Uint16Array.of(0x3c00, 0xc000) },
      });
      const weights = await read('external.onnx_data');
      const external = await platform.createSession(await read('external.onnx'), 'external.onnx', {
        externalData: { 'external.onnx_data': weights },
      });
      const { y } = await external.run({ x: { type: 'float32', dims: [3], data: Float32Array.of(1, 1, 1) } });
      const types = Object.values(outputs).map(({ type, data }) => `${type} ${Array.from(data as never).join(' ')}`);
      return { types, product: Array.from(y!.data as Float32Array) };
    });
    expect(found.types).toEqual([
      'float32 1.5 -2',
      'int64 -1 1152921504606846976',
      'int32 -5 0 5',
      'bool 1',
      'float16 15360 49152',
    ]);
    expect(found.product).toEqual([1, 2, 3]);
  });

  test('options that cannot be honoured are errors', async () => {
    const page = await open();
    const found = await page.evaluate(async () => {
      const { Captioner, webPlatform } = captioneer;
      const attempt = async (action: () => unknown) => failure((async () => action())());
      const graph = new Uint8Array(await (await fetch('/graphs/reshape.onnx')).arrayBuffer());
      return {
        threads: await failure(webPlatform({ numThreads: 2 }).createSession(graph, 'a.onnx')),
        half: await attempt(() => webPlatform({ numThreads: 1.5 })),
        device: await attempt(() => webPlatform({ device: 'cuda' })),
        unknown: await attempt(() => webPlatform({ wasmPaths: '/' } as never)),
        unknownLoad: await failure(Captioner.load('/models/default/', { wasmPaths: '/' } as never)),
        hubUrl: await attempt(() => webPlatform({ hub: { url: 'hub' } })),
        hubToken: await attempt(() => webPlatform({ hub: { token: 'secret\n' } })),
        path: await failure(webPlatform().createSession('/models/encoder.onnx', 'encoder.onnx')),
      };
    });
    expect(Object.values(found).map(({ code }) => code)).toEqual(Object.keys(found).map(() => 'INVALID_ARGUMENT'));
    expect(found.threads.message).toMatch(/cross-origin isolated/);
    expect(found.device.message).toMatch(/device must be 'auto', 'wasm' or 'webgpu', not "cuda"/);
    expect(found.hubToken.message).not.toContain('secret');
    expect(found.unknownLoad.message).toMatch(
      /Unknown option "wasmPaths" of load\(\)\. The options are .*dtype.*runtime/,
    );
  });

  test('a model that is not there, or no model, or none that was named', async () => {
    const page = await open();
    const found = await page.evaluate(async () => {
      const { Captioner } = captioneer;
      let imports = 0;
      const module = (): Promise<never> => Promise.reject(new Error(`${(imports += 1)}`));
      const missing = await failure(Captioner.load('./no/such/folder/', { runtime: { module } }));
      return {
        imports,
        missing,
        nothing: await failure(Captioner.load()),
        picture: await failure(Captioner.load('/images/cat.jpg')),
        revision: await failure(Captioner.load('/models/default/', { revision: 'v1' })),
        protocol: await failure(Captioner.load('ftp://127.0.0.1/model')),
        dead: await failure(Captioner.load('http://127.0.0.1:1/model/')),
      };
    });
    expect(found.imports).toBe(1); // while the manifest is on its way; that it failed is not what is wrong
    expect(found.nothing).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(found.nothing.message).toMatch(/npx captioneer copy-model .*Captioner\.load\('\/models\/default\/'\)/);
    expect(found.missing).toMatchObject({ name: 'FetchError' });
    expect(found.missing.message).toMatch(/no\/such\/folder\/captioneer\.json answered 404/);
    expect(found.picture).toMatchObject({ name: 'FetchError' });
    expect(found.revision).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(found.protocol).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(found.dead.message).toMatch(/the request failed .*CORS/);
  });
});
