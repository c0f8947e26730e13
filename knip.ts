import type { KnipConfig } from 'knip';
import { packageEntries } from './scripts/package-entries.js';

export default {
  entry: [
    ...Object.values(packageEntries),
    'src/cli/main.ts',
    'scripts/*.mjs',
    'bench/**/*.mjs',
    '.ci/*.mjs',
    'test/**/*.test-d.ts',
    'test/browser/*.mjs',
    'test/package/*.place.ts',
  ],
  project: [
    'src/**/*.ts',
    'test/**/*.ts',
    'scripts/*.mjs',
    'bench/**/*.mjs',
    '.ci/*.mjs',
    'test/browser/*.mjs',
    'demo/**/*.{ts,tsx}',
  ],
  ignoreDependencies: [
    // Built here, not installed.
    /^@captioneer\/runtime-/,
    '@arethetypeswrong/cli',
    '@huggingface/transformers',
    // An optional peer, found by its name when an image needs it.
    'heic-decode',
    'publint',
    // There in Electron itself.
    'electron',
  ],
  ignoreBinaries: ['mkfifo', 'mount', 'redis-server', 'taskset', 'umount', 'unshare'],
} satisfies KnipConfig;
