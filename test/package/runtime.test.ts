import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PackedPackage, runNode } from './packed-package.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const image = join(root, 'docs', 'images', 'cat.jpg');
/** Only in the Linux binaries a stopped thread is dealt with (packages/README.md). */
const isLinux = process.platform === 'linux';

/** The built package as a user has it, its runtime in surroundings that are not a plain Node process. */
describe('the runtime of the packed package', () => {
  let packed: PackedPackage;
  let caption: string;

  beforeAll(async () => {
    packed = await PackedPackage.install();
    const outcome = await packed.run('plain.mjs', captionScript());
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    caption = outcome.stdout;
  });

  afterAll(() => packed[Symbol.dispose]());

  function captionScript(options = ''): string {
    return `
      import { Captioner } from 'captioneer';
      const captioner = await Captioner.load(undefined, { ${options} });
      console.log((await captioner.caption(${JSON.stringify(image)})).text);
      await captioner.dispose();`;
  }

  describe.runIf(isLinux)('in a worker that is stopped', () => {
    /** Ends a worker at moments spread over what it does again and again, and then runs the library in the main thread. */
    const script = (work: string) => `
      import { once } from 'node:events';
      import { Worker } from 'node:worker_threads';
      import { setTimeout as sleep } from 'node:timers/promises';
      import { Captioner } from 'captioneer';
      const code = \`
        const { parentPort } = require('node:worker_threads');
        (async () => {
          const { Captioner } = await import('captioneer');
          const captioner = await Captioner.load();
          parentPort.postMessage('ready');
          for (;;) ${work}
        })();\`;
      for (const delayMs of [0, 7, 15, 23, 31, 48]) {
        const worker = new Worker(code, { eval: true });
        await once(worker, 'message');
        await sleep(delayMs);
        await worker.terminate();
      }
      const captioner = await Captioner.load();
      console.log((await captioner.caption(${JSON.stringify(image)})).text);`;

    it.each([
      ['while it captions', `await captioner.caption(${JSON.stringify(image)});`],
      ['while it loads', 'await (await Captioner.load()).dispose();'],
    ])('%s: the process goes on', async (_, work) => {
      expect(await packed.run('terminate.mjs', script(work))).toEqual({ status: 0, stdout: caption, stderr: '' });
    });
  });

  describe('on a system without the native runtime', () => {
    let hidden: PackedPackage;

    beforeAll(async () => {
      hidden = await PackedPackage.install();
      for (const name of Object.keys(hidden.manifest.optionalDependencies)) {
        if (packed.has(name)) hidden.remove(name);
      }
    });

    afterAll(() => hidden[Symbol.dispose]());

    it('says which package is missing, and what runs everywhere', async () => {
      const outcome = await hidden.run(
        'missing.mjs',
        `import { Captioner } from 'captioneer';
        await Captioner.load().catch((error) => console.log(error.code, error.message));`,
      );
      expect(outcome).toMatchObject({ status: 0, stderr: '' });
      expect(outcome.stdout).toMatch(/^RUNTIME The package "@captioneer\/runtime-.*npm install onnxruntime-web/);
    });

    it('onnxruntime-web gives the same caption, and one warning', async () => {
      hidden.add('onnxruntime-web');
      const outcome = await hidden.run(
        'wasm.mjs',
        captionScript('onWarning: ({ code, message }) => console.error(code, message)'),
      );
      expect(outcome).toMatchObject({ status: 0, stdout: caption });
      expect(outcome.stderr.trim().split('\n')).toEqual([
        expect.stringMatching(/^runtime-fallback .*onnxruntime-web is used instead/) as string,
      ]);
      const command = hidden.node(join(hidden.location, hidden.manifest.bin.captioneer!), image);
      expect(command).toMatchObject({ status: 0, stdout: caption });
      expect(command.stderr).toContain('onnxruntime-web is used instead');
    });
  });

  it('captions where native addons are turned off, as with --no-addons: raw pixels, in WebAssembly', async () => {
    packed.add('onnxruntime-web');
    writeFileSync(
      join(packed.folder, 'addons.mjs'),
      `import { Captioner } from 'captioneer';
      const captioner = await Captioner.load(undefined, { onWarning: ({ message }) => console.log(message) });
      const { text } = await captioner.caption({ data: new Uint8Array(300).fill(90), width: 10, height: 10 });
      console.log(text.length > 0);
      await captioner.caption(${JSON.stringify(image)}).catch((error) => console.log(error.message));`,
    );
    const { status, stdout } = packed.node('--no-addons', 'addons.mjs');
    packed.remove('onnxruntime-web');
    const [warning, hasText, sharp] = stdout.split('\n');
    expect(status).toBe(0);
    expect(warning).toMatch(/loading addons is disabled.*--allow-addons/);
    expect(hasText).toBe('true');
    expect(sharp).toMatch(/"sharp", which cannot be loaded.*--no-addons/);
  });

  it('captions in CommonJS where there is a document, as in the preload script of Electron', async () => {
    const preload = fileURLToPath(new URL('electron/preload.cjs', import.meta.url));
    writeFileSync(join(packed.folder, 'preload.cjs'), readFileSync(preload));
    const outcome = await packed.run(
      'document.cjs',
      `globalThis.document = { currentScript: null, baseURI: 'https://example.org/app/' };
      globalThis.location = { href: 'https://example.org/app/' };
      const page = {};
      const contextBridge = { exposeInMainWorld: (name, value) => (page[name] = value) };
      const Module = require('node:module');
      const { _load: load } = Module;
      Module._load = (name, ...others) => (name === 'electron' ? { contextBridge } : load(name, ...others));
      require('./preload.cjs');
      page.captions.captionOf(${JSON.stringify(image)}).then((text) => console.log(text));`,
    );
    expect(outcome).toEqual({ status: 0, stdout: caption, stderr: '' });
  });

  it('captions where the globals are those of jsdom, which lacks many', async () => {
    const outcome = await packed.run(
      'jsdom.cjs',
      `const { log } = console;
      const missing = ['TextDecoder', 'TextEncoder', 'structuredClone', 'fetch', 'Request', 'Response', 'ReadableStream',
        'MessageChannel', 'setImmediate'];
      for (const name of missing) delete globalThis[name];
      const { Captioner } = require('captioneer');
      (async () => {
        const captioner = await Captioner.load();
        const bytes = require('node:fs').readFileSync(${JSON.stringify(image)});
        for (const source of [${JSON.stringify(image)}, bytes, 'data:image/jpeg;base64,' + bytes.toString('base64')])
          log((await captioner.caption(source)).text);
        await captioner.caption('http://127.0.0.1/a.jpg').catch(({ code, message }) => log(code, message));
      })();`,
    );
    const noFetch =
      'FETCH_FAILED http://127.0.0.1/a.jpg: there is no fetch here, as in jsdom. Give one as the option fetch.\n';
    expect(outcome).toEqual({ status: 0, stdout: caption.repeat(3) + noFetch, stderr: '' });
  });

  it('captions in a test runner that runs modules in a realm of their own', async () => {
    writeFileSync(
      join(packed.folder, 'realm.test.mjs'),
      `import { Captioner } from 'captioneer';
      import { readFile } from 'node:fs/promises';
      import { expect, test } from 'vitest';
      test('captions', async () => {
        const captioner = await Captioner.load();
        const image = ${JSON.stringify(image)};
        for (const source of [image, await readFile(image), new Uint8Array(await readFile(image))]) {
          expect((await captioner.caption(source)).text).toBe(${JSON.stringify(caption.trim())});
        }
      }, 60_000);`,
    );
    packed.add('vitest');
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const outcome = packed.node(vitest, 'run', '--pool=vmThreads', '--reporter=json', '--root=.');
    packed.remove('vitest');
    expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ status: 0 });
    expect(outcome.stdout).toContain('"numPassedTests":1');
  });

  it.runIf(isLinux && process.getuid?.() === 0)('captions without a home, as a user with a number only', () => {
    chmodSync(packed.folder, 0o755);
    writeFileSync(join(packed.folder, 'nobody.mjs'), captionScript());
    const outcome = runNode(packed.folder, { uid: 54_321, gid: 54_321, env: { PATH: process.env.PATH } }, 'nobody.mjs');
    expect(outcome).toEqual({ status: 0, stdout: caption, stderr: '' });
  });

  it('has its licence and the notices of what it contains beside the binaries', () => {
    const name = Object.keys(packed.manifest.optionalDependencies).find((candidate) => packed.has(candidate))!;
    const folder = join(packed.folder, 'node_modules', name);
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toContain('Microsoft Corporation');
    const notices = readFileSync(join(folder, 'ThirdPartyNotices.txt'), 'utf8');
    for (const part of ['abseil', 'protobuf', 're2', 'Eigen', 'flatbuffers', 'onnx']) expect(notices).toContain(part);
  });
});

describe.runIf(isLinux)('the edited addon', () => {
  it('has the code that it was edited to have', () => {
    const upstream = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
    const system = `linux-${process.arch}`;
    const before = readFileSync(
      join(upstream, '..', 'bin', 'napi-v6', 'linux', process.arch, 'onnxruntime_binding.node'),
    );
    const after = readFileSync(join(root, 'packages', `runtime-${system}`, 'onnxruntime_binding.node'));
    expect(after).toHaveLength(before.length);
    let changed = 0;
    for (const [index, byte] of before.entries()) if (after[index] !== byte) changed += 1;
    // A name of 19 characters, the binding of two symbols, and one instruction.
    expect(changed).toBeGreaterThan(10);
    expect(changed).toBeLessThan(30);
    expect(after.includes('libcaptioneer_rt.so')).toBe(true);
    expect(after.includes('libonnxruntime.so')).toBe(false);
  });
});
