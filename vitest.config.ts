import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const src = fileURLToPath(new URL('src', import.meta.url));

export default defineConfig({
  // The examples of the guides name the package; they are run on its sources.
  resolve: {
    alias: [
      { find: /^captioneer$/, replacement: `${src}/index.ts` },
      // A worker runs a file of its own, which is a built one.
      {
        find: /^captioneer\/worker$/,
        replacement: fileURLToPath(new URL('dist/worker/node/index.js', import.meta.url)),
      },
      { find: /^captioneer\/core$/, replacement: `${src}/authors/index.ts` },
      { find: /^captioneer\/(node|web)$/, replacement: `${src}/adapters/$1/index.ts` },
      {
        find: /^captioneer\/(alt|bias|metrics|search|preprocess|testing|evaluation|server|dataset|queue)$/,
        replacement: `${src}/$1/index.ts`,
      },
    ],
  },
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    globalSetup: 'test/global-setup.ts',
    // The runtime is a native addon: each test file gets a process of its own, not a worker thread.
    pool: 'forks',
    testTimeout: 20_000,
    typecheck: {
      enabled: true,
      include: ['test/**/*.test-d.ts', 'src/**/*.test-d.ts'],
      tsconfig: './tsconfig.json',
    },
  },
});
