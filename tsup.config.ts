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
      'bias/index': 'src/bias/index.ts',
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
    esbuildPlugins: [shippedRuntime],
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
