import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { type DemoRegion, demoRegion } from '../support/demo-region.ts';

let region: DemoRegion;

beforeAll(async () => {
  region = await demoRegion(inject('program'));
});

afterAll(() => region?.close());

/** Runs a line of sh without any terminal; `$0` is Node and `$1` the program. */
function sh(line: string, env: Readonly<Record<string, string>> = region.env) {
  const child = spawn('sh', ['-c', line, process.execPath, inject('program')], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, HOME: '/nonexistent', TZ: 'UTC', TERM: 'xterm-256color', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text;
    });
  }
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, ...printed })),
  );
}

test('without a terminal the console is the dashboard as text', async () => {
  const { code, stdout, stderr } = await sh('"$0" "$1"');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const name of ['analytics', 'data-prod', 'legacy', 'sandbox', 'openmetadata-ingestion']) {
    expect(stdout).toContain(name);
  }
  expect(stdout).not.toContain('\u001b');
});

test('with --demo it is the tour', async () => {
  const { code, stdout, stderr } = await sh('"$0" "$1" --demo --speed 60', {});
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.match(/^\d {2}The .*/gm)).toHaveLength(6);
  expect(stdout).toMatch(/^Succeeded: exit code 0/m);
  expect(stdout).not.toContain('\u001b');
});

test('data is data: JSON on standard output, nothing on standard error', async () => {
  const { code, stdout, stderr } = await sh('"$0" "$1" dashboard -o json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(Object.keys(JSON.parse(stdout))).toEqual(['account', 'region', 'environments', 'clusters', 'errors']);
});

test('the same as YAML', async () => {
  const [json, yaml] = await Promise.all(['json', 'yaml'].map((form) => sh(`"$0" "$1" envs sandbox -o ${form}`)));
  expect(yaml).toMatchObject({ code: 0, stderr: '' });
  expect(parse(yaml?.stdout ?? '')).toEqual(JSON.parse(json?.stdout ?? ''));
});

test('a reader that goes away ends a command quietly', async () => {
  const once = await sh('{ "$0" "$1" envs; echo "ended" >&2; } | head -n 1');
  expect(once).toEqual({ code: 0, stdout: expect.stringMatching(/^NAME .*\n$/), stderr: 'ended\n' });
  // One that would go on for ever too.
  const followed = await sh(
    '{ "$0" "$1" logs /ecs/openmetadata-ingestion --follow --since 1d; echo "ended" >&2; } | head -n 1',
  );
  expect(followed).toMatchObject({ code: 0, stderr: 'ended\n' });
});

test('output that cannot be written is told, not swallowed', async () => {
  // A file may be no longer than a block: writing ends as on a full disk.
  const { code, stderr } = await sh(
    'out=$(mktemp); (ulimit -f 1; "$0" "$1" logs /ecs/openmetadata-ingestion --since 1d > "$out"); code=$?; rm "$out"; exit $code',
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Error: Standard output cannot be written: EFBIG/);
});

test('standard output that is closed is no bug', async () => {
  const { stderr } = await sh('"$0" "$1" envs >&-');
  expect(stderr).not.toMatch(/bug/);
});
