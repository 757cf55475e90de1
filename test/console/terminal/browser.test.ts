import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { browserCommand, openAddress, openSecretAddress } from '../../../src/console/terminal/browser.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mwaa-console-browser-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A browser that leaves what it was given. */
function browser(): readonly string[] {
  const program = join(home, 'browser');
  writeFileSync(
    program,
    `#!/bin/sh\necho "$@" > ${join(home, 'part')}\nmv ${join(home, 'part')} ${join(home, 'given')}\n`,
  );
  chmodSync(program, 0o755);
  return [program, '--new-window'];
}

async function given(): Promise<string> {
  await vi.waitFor(() => expect(existsSync(join(home, 'given'))).toBe(true), { timeout: 20_000 });
  return readFileSync(join(home, 'given'), 'utf8').trim();
}

test('a browser is one of this machine: over SSH and without a display there is none', () => {
  expect(browserCommand({ DISPLAY: ':0' }, 'linux')).toEqual(['xdg-open']);
  expect(browserCommand({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toEqual(['xdg-open']);
  expect(browserCommand({}, 'linux')).toBeUndefined();
  expect(browserCommand({}, 'darwin')).toEqual(['open']);
  expect(browserCommand({ SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, 'darwin')).toBeUndefined();
  expect(browserCommand({ BROWSER: 'firefox --new-tab %s', SSH_TTY: '/dev/pts/0' }, 'linux')).toEqual([
    'firefox',
    '--new-tab',
  ]);
});

test('an address is given to the browser as it is', async () => {
  await openAddress(browser(), 'https://console.aws.amazon.com/iam/home#/roles');
  expect(await given()).toBe('--new-window https://console.aws.amazon.com/iam/home#/roles');
});

test('a token never stands on a command line: the browser gets a page of its owner alone', async () => {
  const address = 'https://host/aws_mwaa/aws-console-sso?login=true#token-</script>';
  await openSecretAddress(browser(), address);
  const [, page = ''] = (await given()).split(' ');
  expect(page).toMatch(/open\.html$/);
  expect(statSync(page).mode & 0o777).toBe(0o600);
  const text = readFileSync(page, 'utf8');
  expect(text).toContain('location.replace("https://host/aws_mwaa/aws-console-sso?login=true#token-\\u003c/script>")');
  rmSync(join(page, '..'), { recursive: true });
});

test('a browser that can not be started is said, and leaves nothing', async () => {
  await expect(openAddress([join(home, 'nothing')], 'https://host/')).rejects.toThrow("can't be started");
  await expect(openSecretAddress([join(home, 'nothing')], 'https://host/#t')).rejects.toThrow("can't be started");
});
