import { existsSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { defineConfig } from 'tsup';

/**
 * The sources import `onnxruntime-node` by its name. The published package ships that runtime's CPU binaries itself (see
 * scripts/vendor-runtime.mjs), so the built files import it through package.json's `imports` instead.
 */
const shippedRuntime: Plugin = {
  name: 'shipped-runtime',
  setup(build) {
    build.onResolve({ filter: /^onnxruntime-node$/ }, () => ({ path: '#onnxruntime-node', external: true }));
  },
};

const HUB = '@huggingface/hub';

/**
 * That library names its build for browsers in a way that not every bundler follows. So the web adapter brings it along, in a
 * file that is loaded when a model of the hub is; Node imports the package.
 */
const hubForBrowsers: Plugin = {
  name: 'hub-for-browsers',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^${HUB}$`) }, ({ importer }) =>
      importer.includes(`${sep}adapters${sep}web${sep}`)
        ? { path: fileURLToPath(new URL(`node_modules/${HUB}/dist/browser/index.mjs`, import.meta.url)) }
        : { path: HUB, external: true },
    );
  },
};

/** Packages that end up in the built files come with their licences, in comments that minifiers keep. */
const licences: Plugin = {
  name: 'licences',
  setup(build) {
    build.onLoad({ filter: /node_modules.*\.m?js$/ }, ({ path }) => {
      const [, folder = '', name = ''] = /^(.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))/.exec(path) ?? [];
      const { license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { license?: string };
      const text = existsSync(`${folder}/LICENSE`)
        ? readFileSync(`${folder}/LICENSE`, 'utf8').trim()
        : `${license} licence`;
      return { contents: `/*! ${name}\n\n${text} */\n${readFileSync(path, 'utf8')}` };
    });
  },
};

export default defineConfig([
  {
    name: 'library',
    entry: {
      index: 'src/index.ts',
      'index.browser': 'src/index.browser.ts',
      'core/index': 'src/core/index.ts',
      'search/index': 'src/search/index.ts',
      'preprocess/index': 'src/preprocess/index.ts',
      'metrics/index': 'src/metrics/index.ts',
      'adapters/node/index': 'src/adapters/node/index.ts',
      'adapters/web/index': 'src/adapters/web/index.ts',
      'testing/index': 'src/testing/index.ts',
    },
    format: ['esm', 'cjs'],
    target: 'node20',
    platform: 'neutral',
    dts: true,
    // Shared chunks in both formats: every entry of a format gives the very same classes.
    splitting: true,
    // `import.meta.url` also works in the CommonJS files.
    shims: true,
    sourcemap: true,
    noExternal: [HUB],
    esbuildPlugins: [shippedRuntime, hubForBrowsers, licences],
  },
  {
    name: 'cli',
    entry: { 'cli/main': 'src/cli/main.ts' },
    format: 'esm',
    target: 'node20',
    platform: 'node',
    sourcemap: true,
    esbuildPlugins: [shippedRuntime],
  },
]);
