// Makes dist/: one package without dependencies. Clients and libraries are minified, our own code stays readable.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pid } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { gather } from './gather.mjs';
import { notices } from './notices.mjs';

const path = (place) => fileURLToPath(new URL(place, import.meta.url));

/** Modules that libraries ask for, and what they get instead. */
const instead = {
  // Ink asks for its developer tools at start.
  'react-devtools-core': 'export default {}',
  // Importing the real one evaluates every getter of the process, those of standard input and of all flags too.
  'node:process':
    'const { process } = globalThis; export default process; export const { cwd, env, versions } = process;',
};
const replaced = {
  name: 'replaced',
  setup(plugin) {
    plugin.onResolve({ filter: /^(?:react-devtools-core|node:process)$/ }, ({ path: name, kind }) =>
      kind === 'require-call' ? undefined : { path: name, namespace: 'replaced' },
    );
    plugin.onLoad({ filter: /.*/, namespace: 'replaced' }, ({ path: name }) => ({ contents: instead[name] }));
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

/** Libraries get short names; a few need more, for the sake of size and of the first frame. */
const libraries = {
  name: 'libraries',
  setup(plugin) {
    plugin.onLoad({ filter: /\/node_modules\/.*\.m?js$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const { code } = await transform(
        withLateEmoji(withPlainKeys(file.includes('/yoga-layout/') ? withBuffer(source) : source)),
        {
          minifyIdentifiers: true,
          sourcefile: file,
        },
      );
      return { contents: code, loader: 'js' };
    });
  },
};

/** Yoga's own ways to its WebAssembly load all of Node's `fetch`, or take its slow `atob`. */
function withBuffer(source) {
  return `const fetch = undefined; const atob = (text) => Buffer.from(text, 'base64').toString('latin1');${source}`;
}

/**
 * Writes out the constants in a schema's computed keys (`{ [_xN]: _I }`): esbuild takes those for side effects, and
 * would keep the shapes of all of EC2.
 */
function withPlainKeys(source) {
  const constants = new Map(
    [...source.matchAll(/^const (\w+) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return source.replaceAll(/([{,]\s*)\[(\w+)\]:/g, (key, before, name) =>
    constants.has(name) ? `${before}${constants.get(name)}:` : key,
  );
}

/** string-width's expression of all emoji costs a quarter of Node's own start and is seldom asked: made at its first use. */
function withLateEmoji(source) {
  return source.replace(
    /^const (\w+) = \/(.*\\p\{RGI_Emoji\}.*)\/v;$/m,
    (_, name, pattern) =>
      `let ${name}Made; const ${name} = { test: (text) => (${name}Made ??= new RegExp(${JSON.stringify(pattern)}, 'v')).test(text) };`,
  );
}

/** What libraries that are no ES modules reach Node's own by. */
const BANNER = 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);';

/** What every command loads, what the console needs beside it that commands share, and what paints its first frame. */
function groupsOf({ outputs }) {
  const fileOf = (entryPoint) => Object.keys(outputs).find((file) => outputs[file].entryPoint === entryPoint);
  const closure = (file, found = new Set()) => {
    if (found.has(file)) return found;
    found.add(file);
    for (const { path: next, kind } of outputs[file].imports) {
      if (kind === 'import-statement' && next in outputs) closure(next, found);
    }
    return found;
  };
  const paints = (file) => Object.keys(outputs[file].inputs).some((input) => /node_modules\/(ink|react)\//.test(input));
  const start = [...closure(fileOf('src/console/start.ts'), closure(fileOf('src/cli/console.ts')))];
  const named = (files) => {
    const names = new Set(files.map((file) => basename(file)));
    return (file) => names.has(file);
  };
  return [
    ['command-line', named([...closure(fileOf('src/cli/run.ts')), ...closure(fileOf('src/cli/bug.ts'))])],
    ['common', named(start.filter((file) => ![...closure(file)].some(paints)))],
    ['first-frame', named(start)],
  ];
}

/**
 * Bundles the product into a folder with the licences of its libraries, and beside it tells what went into which file
 * (which is not published).
 */
async function bundle(folder) {
  const { metafile } = await build({
    absWorkingDir: path('..'),
    entryPoints: { main: path('main.ts'), 'region-worker': path('demo/worker.ts') },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: '[name]-[hash]',
    // esbuild's default for Node takes the SDK's CommonJS: nearly twice the size and twice the time to load.
    mainFields: ['module', 'main'],
    jsx: 'automatic',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.DEV': '"false"',
      'Intl.Segmenter': 'LazySegmenter',
    },
    inject: [path('console/terminal/segmenter.ts')],
    plugins: [replaced, sharedWork, libraries],
    banner: { js: BANNER },
    logLevel: 'warning',
    metafile: true,
  });
  await writeFile(`${folder}/LICENSES.txt`, await notices(path('..'), metafile));
  const inputs = await gather(folder, metafile, groupsOf(metafile), BANNER);
  await writeFile(`${folder}/inputs.json`, JSON.stringify(inputs));
}

// Made aside and put in place at once: whoever starts the product meanwhile finds one whole build.
const [made, former] = [path(`../node_modules/.dist-${pid}`), path(`../node_modules/.former-dist-${pid}`)];
await bundle(made);
await rename(path('../dist'), former).catch(() => {});
await rename(made, path('../dist'));
await rm(former, { recursive: true, force: true });
