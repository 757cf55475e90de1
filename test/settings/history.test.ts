import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileHistory } from '../../src/settings/history.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'mwaa-console-state-')), 'mwaa-console');
  file = join(folder, 'command-history');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

test('what was entered is there for the next console, each line once, for the user alone', async () => {
  const history = fileHistory(folder);
  expect(await history.read()).toEqual([]);
  for (const line of ['region eu-west-1', 'env data-prod', 'region eu-west-1']) await history.add(line);
  expect(await fileHistory(folder).read()).toEqual(['env data-prod', 'region eu-west-1']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('reading makes nothing', async () => {
  await fileHistory(folder).read();
  expect(readdirSync(join(folder, '..'))).toEqual([]);
});

test('two consoles that add at the same time lose nothing, and leave nothing else behind', async () => {
  const [one, other] = [fileHistory(folder), fileHistory(folder)];
  await Promise.all(Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? one : other).add(`env e${at}`)));
  expect([...(await one.read())].sort()).toEqual(Array.from({ length: 40 }, (_, at) => `env e${at}`).sort());
  expect(readdirSync(folder)).toEqual(['command-history']);
});

test('it holds the newest 200, and no line that somebody pasted', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, Array.from({ length: 200 }, (_, at) => `env e${at}\n`).join(''));
  const history = fileHistory(folder);
  await history.add('x'.repeat(201));
  await history.add('dashboard');
  const lines = await history.read();
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([200, 'env e1', 'dashboard']);
});

test('what no command line is, such as controls, is passed over', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, 'env a\n\u001b[2J\n\u0000\n\nenv b');
  await fileHistory(folder).add('env c');
  expect(readFileSync(file, 'utf8')).toBe('env a\nenv b\nenv c\n');
});
