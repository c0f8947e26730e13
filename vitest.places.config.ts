import { defineConfig } from 'vitest/config';

// `npm run test:bundlers`: the packed package in bundlers, test runners and package managers, which are installed from the registry.
export default defineConfig({
  test: {
    include: ['test/package/*.place.ts'],
    globalSetup: 'test/package/places-setup.ts',
    pool: 'forks',
    fileParallelism: false,
    reporters: ['verbose'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
