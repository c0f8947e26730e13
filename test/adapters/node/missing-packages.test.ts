import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failure, graph, picture, type Failure } from './support.js';

type Addon = typeof import('../../../src/adapters/node/runtime/native-addon.js');
type LoadFailures = typeof import('../../../src/adapters/node/files/load-failure.js');
type Wasm = typeof import('../../../src/adapters/node/runtime/wasm-runtime.js');

const ADDON = '../../../src/adapters/node/runtime/native-addon.js';
const WASM = '../../../src/adapters/node/runtime/wasm-runtime.js';

function failing(message: string, code?: string): () => never {
  return () => {
    throw Object.assign(new Error(message), { code });
  };
}

const notFound = failing('Cannot find package "x" imported from y\nRequire stack:\n- z', 'MODULE_NOT_FOUND');

async function nodePlatform() {
  return (await import('../../../src/adapters/node/index.js')).nodePlatform();
}

/** Loads the runtime where the native addon cannot be loaded, and says so when a slower one is taken. */
async function loadRuntime(load: () => never, { system = '@captioneer/runtime-here', hasWasm = false } = {}) {
  vi.doMock(ADDON, async (original) => ({
    ...(await original<Addon>()),
    addonPackage: () => (system === '' ? undefined : system),
    loadNativeAddon: load,
  }));
  if (!hasWasm) vi.doMock(WASM, () => ({ loadWasmRuntime: notFound }) satisfies Wasm);
  const runtime = await import('../../../src/adapters/node/runtime/load-runtime.js');
  const warnings: { code: string; message: string }[] = [];
  return { load: () => runtime.loadRuntime('auto', (warning) => warnings.push(warning)), warnings };
}

async function problem(load: () => never, system?: string): Promise<string> {
  const runtime = await loadRuntime(load, system === undefined ? {} : { system });
  const error = await failure(Promise.resolve().then(runtime.load));
  expect(error).toMatchObject({ name: 'RuntimeError', cause: expect.any(Error) as Error });
  expect(error.message).not.toContain('\n');
  return error.message;
}

beforeEach(() => vi.resetModules());

afterEach(() => {
  vi.doUnmock('sharp');
  vi.doUnmock(ADDON);
  vi.doUnmock(WASM);
});

describe('without sharp', () => {
  /** Vitest keeps what a mock throws in the cause of an error of its own. */
  async function decode(thrown: () => never): Promise<Failure> {
    vi.doMock('../../../src/adapters/node/files/load-failure.js', async (original) => {
      const module = await original<LoadFailures>();
      const explainLoadFailure: typeof module.explainLoadFailure = (error) =>
        module.explainLoadFailure((error as Error).cause ?? error);
      return { ...module, explainLoadFailure };
    });
    vi.doMock('sharp', thrown);
    return failure((await nodePlatform()).decodeImage(picture('quarters.jpg')));
  }

  afterEach(() => vi.doUnmock('../../../src/adapters/node/files/load-failure.js'));

  test('image files ask for it; raw pixels do without', async () => {
    const error = await decode(notFound);
    expect(error.name).toBe('RuntimeError');
    expect(error.message).toContain('"sharp", which is not installed, or not for this system. Run "npm install');
    expect(error.cause).toBeInstanceOf(Error);
    const pixels = { data: new Uint8Array(3), width: 1, height: 1 };
    expect((await (await nodePlatform()).decodeImage(pixels)).width).toBe(1);
  });

  test('a lack of file handles is not blamed on it', async () => {
    const error = await decode(failing("EMFILE: too many open files, open '/x/sharp.js'", 'EMFILE'));
    expect(error.message).toContain('ulimit -n');
    expect(error.message).not.toContain('npm install');
  });

  test('what it says itself of the cause is told', async () => {
    const heading = 'Could not load the "sharp" module using the linux-x64 runtime';
    const library = 'libvips-cpp.so.8.18.7: cannot open shared object file: No such file or directory';
    const apart = await decode(failing(`Could not load the "sharp" module\nERR_DLOPEN_FAILED: ${library}`));
    expect(apart.message).toMatch(/@img\/sharp-libvips.*nodeLinker: node-modules/);
    expect(apart.message).not.toContain('your distribution');
    const off = 'ERR_DLOPEN_DISABLED: Cannot load native addon because loading addons is disabled.';
    expect((await decode(failing(`${heading}\n${off}\nPossible solutions:`))).message).toContain('--no-addons');
  });
});

describe('without the native runtime', () => {
  test('the package of this system is asked for', async () => {
    const message = await problem(notFound);
    expect(message).toContain(
      '"@captioneer/runtime-here", captioneer\'s inference runtime for this system, is not installed',
    );
    expect(message).toContain('--omit=optional');
    expect(message).toContain('npm install onnxruntime-web');
  });

  test('a system that has none is told which have', async () => {
    const message = await problem(notFound, '');
    expect(message).toContain('no native inference runtime for');
    expect(message).toContain('npm install onnxruntime-web');
    expect(message).not.toContain('--omit=optional');
  });

  test.each([
    [
      'addons are turned off',
      'Cannot load native addon because loading addons is disabled.',
      'ERR_DLOPEN_DISABLED',
      '--no-addons',
    ],
    [
      'a library is missing',
      'libstdc++.so.6: cannot open shared object file: No such file or directory',
      'ERR_DLOPEN_FAILED',
      'libstdc++6',
    ],
    [
      'the system is too old',
      "/lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.27' not found (required by /x/y.so)",
      'ERR_DLOPEN_FAILED',
      'too old',
    ],
    [
      'programs may not run there',
      '/x/y.node: failed to map segment from shared object',
      'ERR_DLOPEN_FAILED',
      'noexec',
    ],
    [
      'Windows without the libraries of Visual C++',
      '\\\\?\\C:\\x\\onnxruntime_binding.node: The specified module could not be found.',
      'ERR_DLOPEN_FAILED',
      'install the Microsoft Visual C++ Redistributable',
    ],
    ['anything else', '/x/y.node: file too short', 'ERR_DLOPEN_FAILED', 'file too short. Install captioneer again.'],
  ])('%s', async (_, message, code, expected) => {
    expect(await problem(failing(message, code))).toContain(expected);
  });

  test('what is short for a moment is an error that the next try may not have, even with another runtime', async () => {
    const runtime = await loadRuntime(failing('x.so: cannot open shared object file: Error 24', 'ERR_DLOPEN_FAILED'), {
      hasWasm: true,
    });
    expect(runtime.load).toThrow('ulimit -n');
    expect(runtime.warnings).toEqual([]);
  });
});

describe('onnxruntime-web in its place', () => {
  const floats = { type: 'float32', dims: [3], data: new Float32Array([1, 1, 1]) } as const;

  test('runs graphs, and is told of', async () => {
    const { load, warnings } = await loadRuntime(notFound, { hasWasm: true });
    load();
    expect(warnings).toEqual([
      { code: 'runtime-fallback', message: expect.stringMatching(/onnxruntime-web is used instead/) as string },
    ]);
    const session = await (
      await nodePlatform()
    ).createSession(graph('external.onnx'), 'external.onnx', {
      weightFiles: ['external.onnx_data'],
    });
    const { y } = await session.run({ x: floats });
    expect(Array.from(y?.data as Float32Array)).toEqual([1, 2, 3]);
    await session.release();
  });

  test('gives what the native runtime gives', async () => {
    const run = async () => {
      const session = await (await nodePlatform()).createSession(graph('reshape.onnx'), 'reshape.onnx');
      const results = await Promise.all(
        [0, 1].map((first) =>
          session.run({ x: { type: 'float32', dims: [6], data: new Float32Array([first, 1, 2, 3, 4, 5]) } }),
        ),
      );
      await session.release();
      return results.map(({ y }) => [y?.dims, Array.from(y?.data as Float32Array)]);
    };
    const native = await run();
    vi.resetModules();
    await loadRuntime(notFound, { hasWasm: true });
    expect(await run()).toEqual(native);
  });
});

describe('a device', () => {
  const platform = async (device: 'wasm' | 'directml' | 'cpu') => {
    const { nodePlatform } = await import('../../../src/adapters/node/index.js');
    return nodePlatform({ device });
  };
  const bytes = async () => new Uint8Array(await readFile(graph('reshape.onnx')));

  test("'wasm' is onnxruntime-web, without a warning", async () => {
    const session = await (await platform('wasm')).createSession(await bytes(), 'reshape.onnx');
    const { y } = await session.run({ x: { type: 'float32', dims: [6], data: Float32Array.of(0, 1, 2, 3, 4, 5) } });
    expect(y?.dims).toEqual([2, 3]);
    await session.release();
  });

  test("'wasm' asks for its package", async () => {
    vi.doMock(WASM, () => ({ loadWasmRuntime: notFound }) satisfies Wasm);
    const error = await failure((await platform('wasm')).createSession(await bytes(), 'reshape.onnx'));
    expect(error).toMatchObject({
      name: 'RuntimeError',
      message: expect.stringContaining('npm install onnxruntime-web') as string,
    });
  });

  test('that the runtime does not have is refused with those that it has', async () => {
    const error = await failure((await platform('directml')).createSession(await bytes(), 'reshape.onnx'));
    expect(error).toMatchObject({ name: 'InvalidArgumentError', argument: 'device' });
    expect(error.message).toMatch(/'directml' is not available.*'cpu'/);
  });
});
