import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { loadedBeforeFirstFrame } from '../support/first-frame.ts';
import { PseudoTerminal } from '../support/pseudo-terminal.ts';

const MEBIBYTE = 1024 * 1024;

let folder: string;
let terminal: PseudoTerminal | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-package-'));
});

afterEach(() => {
  terminal?.dispose();
  terminal = undefined;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The files of the package, and their sizes in bytes. */
function packed(): Map<string, number> {
  const root = dirname(dirname(inject('program')));
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return new Map(
    names.flatMap((name) => {
      const found = statSync(join(root, name));
      return found.isFile() ? [[name, found.size] as const] : [];
    }),
  );
}

test('holds what a user needs, and no more', () => {
  const files = [...packed().keys()];
  const kinds = new Set(files.map((name) => name.replace(/^(dist|docs\/schemas)\/.*/, '$1')));
  expect([...kinds].sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin/mwaa-console.js',
    'dist',
    'docs/DEMO.md',
    'docs/KEYS.md',
    'docs/PERMISSIONS.md',
    'docs/SETTINGS.md',
    'docs/schemas',
    'package.json',
  ]);
  expect(files.filter((name) => /\.(map|ts|tsx)$/.test(name) || name === 'dist/inputs.json')).toEqual([]);
});

test('names every library that is in it, with its licence', () => {
  const text = readFileSync(join(dirname(dirname(inject('program'))), 'dist/LICENSES.txt'), 'utf8');
  const inputs = JSON.parse(readFileSync('dist/inputs.json', 'utf8')) as Record<string, Record<string, number>>;
  const files = Object.values(inputs).flatMap(Object.keys);
  const names = files.flatMap((file) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  expect(new Set(names).size).toBeGreaterThan(50);
  expect([...new Set(names)].filter((name) => !new RegExp(`(?:^|, )${name} \\d`, 'm').test(text))).toEqual([]);
  expect(text).toContain('Permission is hereby granted, free of charge');
  expect(text).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
});

test('is at most 5 MB unpacked', () => {
  const total = [...packed().values()].reduce((sum, size) => sum + size, 0);
  expect(total).toBeLessThan(5 * MEBIBYTE);
});

test('installs nothing else', () => {
  const manifest = JSON.parse(readFileSync(join(dirname(dirname(inject('program'))), 'package.json'), 'utf8'));
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest).not.toHaveProperty('peerDependencies');
  expect(manifest).not.toHaveProperty('optionalDependencies');
  const { scripts } = manifest as { scripts: Record<string, string> };
  expect(Object.keys(scripts).filter((name) => /install|prepare/.test(name))).toEqual([]);
});

test('runs by npx in an empty folder, without a network', async () => {
  const env = { PATH: process.env.PATH ?? '', HOME: folder, npm_config_cache: join(folder, 'cache') };
  // By a relative path: npm takes an absolute one for a program that is there already.
  const tarball = relative(folder, inject('tarball'));
  const npx = ['--yes', '--offline', tarball];
  const run = (...args: string[]) =>
    promisify(execFile)('npx', [...npx, ...args], { cwd: folder, env, maxBuffer: 10 * MEBIBYTE });
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect((await run('--version')).stdout).toBe(`${version}\n`);
  const { stdout } = await run('dashboard', '--demo', '-o', 'json');
  const { environments } = JSON.parse(stdout) as { environments: { name: string }[] };
  expect(environments.map(({ name }) => name)).toEqual(['analytics', 'data-prod', 'legacy', 'sandbox']);
  terminal = new PseudoTerminal(tarball, `cd ${folder}; exec npx --yes --offline "$1" --demo`, { env });
  await terminal.sees('data-prod');
  terminal.type('q');
  expect(await terminal.ended()).toBe(0);
  await terminal.isRestored();
});

test('shows the first frame before anything of AWS, and little else, is loaded', async () => {
  const { files, modules, builtin } = await loadedBeforeFirstFrame(inject('program'), (env) => {
    terminal = new PseudoTerminal(inject('program'), 'exec "$0" "$1" --demo', { env });
    return terminal;
  });
  expect(files).toContain('main.js');
  expect(modules.has('src/console/views/dashboard.tsx')).toBe(true);
  const later =
    /\/node_modules\/(@aws-sdk|@aws|@smithy|yaml|diff|hpagent)\/|^node_modules\/(@aws-sdk|@aws|@smithy|yaml|diff|hpagent)\/|^src\/(demo|deployment|ingestion|connection|logs|tasks(?!\/(records\/|own-configuration\/journal|result-json)))\/|^src\/aws\/(open|send|credentials)\.ts$|^src\/console\/views\/(deploy|environment|logs)\//;
  expect([...modules.keys()].filter((name) => later.test(name))).toEqual([]);
  // The dear ones of Node; standard input is a socket to it, so node:net is not among them.
  const dear = ['node:http', 'node:https', 'node:http2', 'node:tls', 'node:crypto', 'node:readline', 'node:dns'];
  expect(builtin.filter((name) => dear.includes(name))).toEqual([]);
});
