import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('../..', import.meta.url));

export default defineConfig({
  root,
  oxc: { jsx: { runtime: 'automatic', development: false } },
  test: {
    include: ['test/peers/**/*.test.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    setupFiles: ['test/support/setup.ts'],
    globalSetup: ['test/peers/package.ts'],
    // Other people's programs start in seconds, not in milliseconds.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    env: { NODE_ENV: 'production', FORCE_COLOR: '0', TZ: 'UTC' },
  },
});
