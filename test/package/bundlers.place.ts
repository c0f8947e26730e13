import { cpSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, inject, it, onTestFinished, type TestContext } from 'vitest';
import { whyNoBrowser } from '../browser/chromium.js';
import { CAPTION, Project } from './project.js';
import { captionByExtension, captionedPage } from './captioned-page.js';

const registry = inject('registry');

async function installed(...fixtures: string[]): Promise<Project> {
  const project = new Project(fixtures, registry);
  onTestFinished(() => project[Symbol.dispose]());
  await project.install();
  return project;
}

/** Skips a test, with the reason, on a machine without Chromium. */
function needsBrowser({ skip }: TestContext): void {
  if (whyNoBrowser !== undefined) skip(whyNoBrowser);
}

describe('a bundle for Node', () => {
  it.each(['esbuild', 'webpack', 'rollup'])(
    'by %s: captions; toAltText alone needs nothing installed',
    async (name) => {
      const project = await installed('node-app', name);
      await project.succeed(['npm', 'run', 'build']);
      expect(await project.run(['node', 'dist/server.js'])).toEqual({ status: 0, stdout: `${CAPTION}\n`, stderr: '' });

      await project.succeed(['npm', 'run', 'build:alt-text']);
      const bundle = project.read('dist/alt-text.js');
      expect(bundle).not.toMatch(/sharp|onnxruntime|@captioneer|\.node\b/);
      expect(bundle.length).toBeLessThan(60_000);
      using alone = new Project([], registry);
      alone.write('alt-text.mjs', bundle);
      expect(await alone.run(['node', 'alt-text.mjs'])).toEqual({ status: 0, stdout: 'A cat.\n', stderr: '' });
    },
  );
});

describe('a page', () => {
  it('bundled by Vite', async (context) => {
    needsBrowser(context);
    const project = await installed('browser-app', 'vite');
    await project.succeed(['npx', 'captioneer', 'copy-model', 'public/models/default']);
    cpSync(project.path('cat.jpg'), project.path('public/cat.jpg'));
    await project.succeed(['npm', 'run', 'build']);
    expect(await captionedPage(project.path('dist'))).toBe(CAPTION);
  });

  it('bundled by Parcel', async (context) => {
    needsBrowser(context);
    const project = await installed('browser-app', 'parcel');
    await project.succeed(['npm', 'run', 'build']);
    await project.succeed(['npx', 'captioneer', 'copy-model', 'dist/models/default']);
    expect(await captionedPage(project.path('dist'))).toBe(CAPTION);
  });

  it('without a bundler, by an import map', async (context) => {
    needsBrowser(context);
    const project = await installed('browser-app', 'import-map');
    await project.succeed(['npx', 'captioneer', 'copy-model', 'models/default']);
    expect(await captionedPage(project.folder)).toBe(CAPTION);
  });
});

it('a Manifest V3 extension captions in its offscreen document', async (context) => {
  needsBrowser(context);
  const project = await installed('extension');
  await project.succeed(['npm', 'run', 'build']);
  await project.succeed(['npx', 'captioneer', 'copy-model', 'extension/models/default']);
  const wasm = 'ort-wasm-simd-threaded.wasm';
  cpSync(project.path('node_modules/onnxruntime-web/dist', wasm), project.path('extension', wasm));
  cpSync(project.path('cat.jpg'), project.path('extension/cat.jpg'));
  expect(await captionByExtension(project.path('extension'), project.folder)).toEqual([CAPTION, CAPTION]);
});

describe('Next.js', () => {
  it.for([
    ['Turbopack', []],
    ['webpack', ['--webpack']],
  ] as const)('built by %s, standalone: a route and a client component caption', async ([, options], context) => {
    needsBrowser(context);
    const project = await installed('next');
    await project.succeed(['npx', 'captioneer', 'copy-model', 'public/models/default']);
    cpSync(project.path('cat.jpg'), project.path('public/cat.jpg'));
    await project.succeed(['npm', 'run', 'build', '--', ...options]);
    // As the documentation of Next.js says: what a CDN would serve is copied beside the server. Away from node_modules.
    using server = new Project([], registry);
    for (const [from, to] of [
      ['.next/standalone', '.'],
      ['.next/static', '.next/static'],
      ['public', 'public'],
    ] as const)
      cpSync(project.path(from), server.path(to), { recursive: true });
    const port = await freePort();
    const { stop } = await server.start(['node', 'server.js'], /Ready/, {
      env: { PORT: `${port}`, HOSTNAME: '127.0.0.1' },
    });
    try {
      const url = `http://127.0.0.1:${port}/`;
      const image = new Uint8Array(await (await fetch(`${url}cat.jpg`)).arrayBuffer());
      const response = await fetch(`${url}api/caption`, { method: 'POST', body: image });
      expect(await response.json()).toEqual({ text: CAPTION });
      expect(await captionedPage(url, 'button')).toBe(CAPTION);
    } finally {
      await stop();
    }
  });
});

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
