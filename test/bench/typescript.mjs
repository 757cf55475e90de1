// Run before a bench (--import): lets Node 20 load the sources as they are.
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transform } from 'esbuild';

process.env.NODE_ENV ??= 'production';
if (isMainThread) register(import.meta.url);

/** A loader's hook, see https://nodejs.org/docs/latest-v20.x/api/module.html#loadurl-context-nextload. */
export async function load(url, context, next) {
  const loader = /\.(tsx?)$/.exec(url)?.[1];
  if (loader === undefined || url.includes('/node_modules/')) return next(url, context);
  const source = await readFile(fileURLToPath(url), 'utf8');
  const { code } = await transform(source, { loader, jsx: 'automatic', target: 'node20', format: 'esm' });
  return { format: 'module', source: code, shortCircuit: true };
}
