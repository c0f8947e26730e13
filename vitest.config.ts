import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { LongestFirst } from './test/longest-first.js';

const src = fileURLToPath(new URL('src', import.meta.url));

/**
 * Files that need a process of their own: they mock modules, start browsers and servers, or stop what they run. The others follow each
 * other in one process for each worker, which has the modules of src/ already.
 */
const ISOLATED = [
  'test/{adapters,browser,cli,demo,docs,exporters,package,queue,server,worker}/**/*.test.ts',
  'test/hub/{check-hub,command,hostile-hub}.test.ts',
  'test/dataset/command.test.ts',
];

const project = (name: string, test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration => ({
  extends: true,
  test: { ...test, name },
});

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
    globalSetup: 'test/global-setup.ts',
    // The runtime is a native addon: tests run in processes, not in worker threads.
    pool: 'forks',
    // Vitest leaves a processor to itself, which it does not use.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    // Time limits end what hangs; they do not tell whether a machine is fast.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      project('isolated', { include: ISOLATED }),
      project('shared', {
        include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
        exclude: [...ISOLATED, '**/node_modules/**'],
        isolate: false,
      }),
      project('types', {
        include: [],
        typecheck: {
          enabled: true,
          only: true,
          include: ['test/**/*.test-d.ts', 'src/**/*.test-d.ts'],
          tsconfig: './test/tsconfig.types.json',
        },
      }),
    ],
  },
});
