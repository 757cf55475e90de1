import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { INK, paintsAsBuilt } from './support/painting.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig({
  root,
  oxc: { jsx: { runtime: 'automatic', development: false } },
  plugins: [paintsAsBuilt],
  test: {
    server: { deps: { inline: [INK] } },
    reporters: ['default', './test/support/closing-line.ts'],
    // Deadlines for what hangs, far beyond what anything takes: no test may depend on a machine's speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests of a region wait more than they work: two at a time also where there are two cores, which vitest would halve.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    setupFiles: ['test/support/setup.ts'],
    env: { NODE_ENV: 'production', FORCE_COLOR: '3', TZ: 'UTC' },
    projects: [
      {
        extends: true,
        test: {
          name: 'sources',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/{peers,soak,bench,e2e}/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/e2e/**/*.test.ts'],
          // Packs the product, which nothing else needs.
          globalSetup: ['test/support/build.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
