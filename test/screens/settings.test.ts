import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, select } from './support/scenario.ts';

let region: TestRegion;
let home: string;
let file: string;
beforeAll(async () => {
  region = await testRegion();
});
afterAll(() => region.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mwaa-console-home-'));
  file = join(home, 'mwaa-console', 'config.yaml');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const open = () =>
  openDemo(region, {
    columns: 120,
    rows: 40,
    environment: { TERM: 'xterm-256color', LANG: 'C.UTF-8', XDG_CONFIG_HOME: home },
  });

test('the file of settings is made when one is set, and not before', async () => {
  const screen = await open();
  await screen.sees('data-prod');
  await screen.run('settings');
  await screen.sees('is not there yet');
  expect(existsSync(file)).toBe(false);
  await screen.press('down', 'down', 'enter');
  await screen.sees('Set production');
  await screen.press('ctrl+u');
  await screen.type('oops');
  await screen.press('enter');
  await screen.sees('must be a list of texts');
  expect(existsSync(file)).toBe(false);
  await screen.press('ctrl+u');
  await screen.type("['*-prod']");
  await screen.press('enter');
  await screen.sees('production is set');
  expect(readFileSync(file, 'utf8')).toMatch(/production:\s+(- |\[\s*)["']?\*-prod/);
  expect(await screen.close()).toBe(0);
});

test('a file with a fault is told with line and key, and left as it is', async () => {
  mkdirSync(join(home, 'mwaa-console'));
  writeFileSync(file, 'region: eu-west-1\nrelockMinutes: soon\n');
  const screen = await open();
  await screen.sees('data-prod');
  await screen.run('settings');
  await screen.sees(/config\.yaml:2:16/);
  await screen.press('!');
  await screen.sees('relockMinutes must be a whole number');
  expect(readFileSync(file, 'utf8')).toBe('region: eu-west-1\nrelockMinutes: soon\n');
  expect(await screen.close()).toBe(0);
});

test('the doctor tells what this machine and these credentials can do', async () => {
  const screen = await open();
  await screen.sees('data-prod');
  await screen.run('doctor');
  await screen.sees('Account 123456789012');
  await screen.sees(/pass +Terminal 120x40/);
  await screen.sees('Permissions for deploying');
  await screen.press('escape');
  await select(screen, 'data-prod');
  expect(await screen.close()).toBe(0);
});
