import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnosticsOf } from '../diagnostics.js';
import { PackedPackage } from './packed-package.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const picture = join(root, 'docs', 'images', 'cat.jpg');

/** Entries that read files, serve or queue. */
const FOR_NODE = ['node', 'alt', 'alt/plugins', 'dataset', 'server', 'queue'].map((entry) => `captioneer/${entry}`);

describe('the packed package', () => {
  let packed: PackedPackage;

  beforeAll(async () => {
    packed = await PackedPackage.install();
  });

  afterAll(() => packed[Symbol.dispose]());

  it('is imported as ES modules', async () => {
    const outcome = await packed.run(
      'user.mjs',
      `import { Captioner, CaptioneerError } from 'captioneer';
      const modules = await Promise.all(${JSON.stringify(packed.specifiers)}.map((name) => import(name)));
      console.log(typeof Captioner.load, typeof CaptioneerError, modules.every((module) => Object.keys(module).length > 0));`,
    );
    expect(outcome).toEqual({ status: 0, stdout: 'function function true\n', stderr: '' });
  });

  it('is required as CommonJS', async () => {
    const outcome = await packed.run(
      'user.cjs',
      `const { Captioner, CaptioneerError } = require('captioneer');
      const modules = ${JSON.stringify(packed.specifiers)}.map((name) => require(name));
      console.log(typeof Captioner.load, typeof CaptioneerError, modules.every((module) => Object.keys(module).length > 0));`,
    );
    expect(outcome).toEqual({ status: 0, stdout: 'function function true\n', stderr: '' });
  });

  it('is imported dynamically from CommonJS', async () => {
    const outcome = await packed.run(
      'dynamic.cjs',
      `import('captioneer').then(({ Captioner }) => console.log(typeof Captioner.load));`,
    );
    expect(outcome).toEqual({ status: 0, stdout: 'function\n', stderr: '' });
  });

  it('gives one set of classes through all of its entries', async () => {
    const compare = 'console.log(all.CaptioneerError === core.CaptioneerError);';
    const modules = `import * as all from 'captioneer'; import * as core from 'captioneer/core'; ${compare}`;
    const common = `const all = require('captioneer'); const core = require('captioneer/core'); ${compare}`;
    expect(await packed.run('classes.mjs', modules)).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
    expect(await packed.run('classes.cjs', common)).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
  });

  it('knows its errors from a copy in the other module format', async () => {
    const outcome = await packed.run(
      'formats.mjs',
      `import { createRequire } from 'node:module';
      import { CaptioneerError } from 'captioneer';
      const { InvalidArgumentError } = createRequire(import.meta.url)('captioneer');
      const error = new InvalidArgumentError('numBeams', 'numBeams must be at least 1.');
      console.log(error instanceof CaptioneerError, CaptioneerError.isInstance(error));`,
    );
    expect(outcome).toEqual({ status: 0, stdout: 'false true\n', stderr: '' });
  });

  it('has declarations that a strict user compiles without skipLibCheck', async () => {
    const imports = packed.specifiers.map((name, index) => `import * as module${index} from '${name}';`);
    const uses = packed.specifiers.map((_, index) => `module${index}`);
    const source = [
      ...imports,
      `import { Captioner } from 'captioneer';`,
      `export const load: typeof Captioner.load = Captioner.load.bind(Captioner);`,
      `export const modules = [${uses.join(', ')}];`,
    ].join('\n');
    const files = ['user.mts', 'user.cts'].map((name) => join(packed.folder, name));
    await Promise.all(files.map((file) => writeFile(file, source)));
    // What other packages declare is checked by their own authors.
    const isOurs = (path: string): boolean => path.startsWith(packed.folder);
    const compile = (names: string[], module: ts.ModuleKind, moduleResolution: ts.ModuleResolutionKind): string => {
      const program = ts.createProgram(names, {
        module,
        moduleResolution,
        target: ts.ScriptTarget.ES2022,
        lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.esnext.disposable.d.ts'],
        typeRoots: [join(root, 'node_modules/@types')],
        types: ['node'],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipDefaultLibCheck: true,
        noEmit: true,
      });
      const host = {
        getCanonicalFileName: (name: string) => name,
        getCurrentDirectory: () => packed.folder,
        getNewLine: () => '\n',
      };
      return ts.formatDiagnostics(diagnosticsOf(program, isOurs), host);
    };
    expect(compile(files, ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext)).toBe('');
    expect(compile(files.slice(0, 1), ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler)).toBe('');
  });

  it('is bundled for the browser without anything of Node', async () => {
    const specifiers = packed.specifiers.filter((name) => !FOR_NODE.includes(name));
    const { outputFiles, metafile, warnings } = await build({
      stdin: {
        contents: specifiers.map((name, index) => `export * as module${index} from '${name}';`).join('\n'),
        resolveDir: packed.folder,
      },
      bundle: true,
      format: 'esm',
      platform: 'browser',
      external: ['onnxruntime-web'],
      logLevel: 'silent',
      metafile: true,
      write: false,
    });
    expect(warnings).toEqual([]);
    const inputs = Object.keys(metafile.inputs).filter((name) =>
      /node_modules\/(?!(captioneer\/dist|image-size)\/)/.test(name),
    );
    expect(inputs).toEqual([]);
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    expect(imports.map(({ path, kind }) => `${kind} ${path}`).sort()).toEqual([
      'dynamic-import onnxruntime-web/wasm',
      'dynamic-import onnxruntime-web/webgpu',
    ]);
    const text = outputFiles[0]?.text ?? '';
    expect(text).not.toMatch(/(from|import|require)\s*\(?\s*["'](node:|#?onnxruntime-node|sharp)/);
  });

  describe('beside an onnxruntime-node of the application', () => {
    const own = createRequire(import.meta.url).resolve('onnxruntime-node');
    const graph = fileURLToPath(new URL('../fixtures/graphs/reshape.onnx', import.meta.url));
    const theirs = `
      const { env, InferenceSession, Tensor } = createRequire(import.meta.url)(${JSON.stringify(own)});
      env.logLevel = 'error';
      const session = await InferenceSession.create(${JSON.stringify(graph)});
      const runTheirs = async () => {
        const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(0, 1, 2, 3, 4, 5), [6]) });
        return y.dims.join('x');
      };
      console.log(await runTheirs());`;
    const ours = `
      const captioner = await Captioner.load();
      const runOurs = async () => (await captioner.caption(${JSON.stringify(picture)})).text;
      console.log(/^[A-Z0-9].* .*[.]$/.test(await runOurs()));`;
    const imports = `import { createRequire } from 'node:module'; import { Captioner } from 'captioneer';`;
    const both = `
      console.log(...await Promise.all([runTheirs(), runOurs().then((text) => text.length > 9), runTheirs()]));
      await session.release();
      console.log((await runOurs()).length > 9);
      await captioner.dispose();`;

    it.each([
      ['loaded before it', [theirs, ours], '2x3\ntrue\n2x3 true 2x3\ntrue\n'],
      ['loaded after it', [ours, theirs], 'true\n2x3\n2x3 true 2x3\ntrue\n'],
      [
        'that is loaded and not used',
        [
          `createRequire(import.meta.url)(${JSON.stringify(own)});`,
          ours,
          'await runOurs(); await captioner.dispose();',
        ],
        'true\n',
      ],
    ])('%s', async (_, parts, stdout) => {
      const outcome = await packed.run('both.mjs', [imports, ...parts, parts.length === 2 ? both : ''].join('\n'));
      expect(outcome).toEqual({ status: 0, stdout, stderr: '' });
    });
  });

  it('brings a model along, with which its command captions a picture', () => {
    const outcome = packed.node(join(packed.location, packed.manifest.bin.captioneer ?? ''), picture);
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    expect(outcome.stdout.trim().split(/\s+/).length).toBeGreaterThan(2);
  });

  it('has a README whose links lead to what is in the package, and whose JavaScript Node 20 can read', async () => {
    const readme = await readFile(join(packed.location, 'README.md'), 'utf8');
    const targets = Array.from(readme.matchAll(/\]\(([^)\s#]+)|src="([^"]+)"/g), ([, link, image]) => link ?? image!);
    const local = targets.filter((target) => !/^[a-z]+:/i.test(target));
    expect(local.length).toBeGreaterThan(3);
    expect(local.filter((target) => !existsSync(join(packed.location, target)))).toEqual([]);
    const scripts = Array.from(readme.matchAll(/```(?:js|javascript)\n(.*?)```/gs), ([, code]) => code!);
    expect(scripts.length).toBeGreaterThan(0);
    for (const code of scripts) {
      await writeFile(join(packed.folder, 'readme.mjs'), code);
      expect(packed.node('--check', 'readme.mjs')).toMatchObject({ status: 0, stderr: '' });
    }
  });

  it('has a command that runs', () => {
    const command = join(packed.location, packed.manifest.bin.captioneer ?? '');
    expect(packed.node(command, '--version')).toEqual({
      status: 0,
      stdout: `${packed.manifest.version}\n`,
      stderr: '',
    });
    const help = packed.node(command, '--help');
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toContain('captioneer');
  });
});

it('depends on nothing that runs a script when it is installed', async () => {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; hasInstallScript?: boolean }>;
  };
  const scripted = Object.entries(lock.packages)
    .filter(([name, entry]) => name !== '' && !entry.dev && entry.hasInstallScript)
    .map(([name]) => name);
  expect(scripted).toEqual([]);
});
