import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRegionWorker } from '../../../src/demo/worker.ts';

let folder: string;
let file: URL;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'region-worker-'));
  const outfile = join(folder, 'region-worker.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../../../src/demo/worker.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    // As the package's own build has it, for dependencies that are still CommonJS.
    banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
    outfile,
  });
  file = pathToFileURL(outfile);
}, 60_000);

afterAll(() => rm(folder, { recursive: true }));

const clockOf = async (url: string): Promise<unknown> => (await fetch(`${url}/_demo/clock`)).json();

it('answers from a thread of its own until it is closed', async () => {
  const worker = await startRegionWorker({ speed: 20 }, file);
  expect(await clockOf(worker.url)).toMatchObject({ speed: 20 });
  await worker.close();
  await expect(clockOf(worker.url)).rejects.toThrow('fetch failed');
});

it('says why it can not start', async () => {
  const worker = await startRegionWorker({}, file);
  await expect(startRegionWorker({ port: worker.port }, file)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await worker.close();
});

it('answers on the calling thread where there is no bundle', async () => {
  const here = await startRegionWorker();
  expect(await clockOf(here.url)).toMatchObject({ speed: 1 });
  await here.close();
}, 60_000);
