import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { INK, paintsAsBuilt } from '../support/painting.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The long forms of what `npm test` runs in part. */
export default defineConfig({
  root,
  oxc: { jsx: { runtime: 'automatic', development: false } },
  plugins: [paintsAsBuilt],
  test: {
    server: { deps: { inline: [INK] } },
    include: ['test/soak/**/*.test.{ts,tsx}'],
    reporters: ['default', './test/support/closing-line.ts'],
    setupFiles: ['test/support/setup.ts'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
    env: { NODE_ENV: 'production', FORCE_COLOR: '3', TZ: 'UTC' },
  },
});
