// Makes dist/: one package without dependencies. Clients and libraries are minified, our own code stays readable.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** Ink asks for its developer tools at start; an empty module answers. */
const emptyModule = {
  name: 'empty-module',
  setup(plugin) {
    plugin.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'empty', namespace: 'empty-module' }));
    plugin.onLoad({ filter: /.*/, namespace: 'empty-module' }, () => ({ contents: 'export default {}' }));
  },
};

/** Ink tokenises and measures every row of every frame; these share the work between frames. */
const standIns = new Map([
  ['@alcalzone/ansi-tokenize', path('console/terminal/tokens.ts')],
  ['string-width', path('console/terminal/string-width.ts')],
]);
const sharedWork = {
  name: 'shared-work',
  setup(plugin) {
    // Our own sources import the real ones.
    plugin.onResolve({ filter: /^(?:@alcalzone\/ansi-tokenize|string-width)$/ }, (asked) =>
      asked.importer.startsWith(path('.')) ? undefined : { path: standIns.get(asked.path) },
    );
  },
};

await rm(path('../dist'), { recursive: true, force: true });
await build({
  entryPoints: { main: path('main.ts'), 'region-worker': path('demo/worker.ts') },
  outdir: path('../dist'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: 'chunks/[name]-[hash]',
  // esbuild's default for Node takes the SDK's CommonJS: nearly twice the size and twice the time to load.
  mainFields: ['module', 'main'],
  jsx: 'automatic',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  plugins: [emptyModule, sharedWork],
  banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
  logLevel: 'warning',
});
