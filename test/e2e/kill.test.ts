import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type DemoRegion, demoRegion } from '../support/demo-region.ts';
import { redshiftPipeline } from '../support/pipelines.ts';

let region: DemoRegion;
let folder: string;
let pipeline: string;

beforeAll(async () => {
  region = await demoRegion(inject('program'), 60);
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-kill-'));
  pipeline = join(folder, 'redshift.yaml');
  writeFileSync(pipeline, redshiftPipeline(region.env.AWS_ENDPOINT_URL ?? ''));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await region?.close();
});

/** Runs the program; with `until`, kills it by SIGKILL as soon as it says that. */
function program(argv: readonly string[], until?: RegExp) {
  const child = spawn(process.execPath, [inject('program'), ...argv], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...region.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    if (until?.test(err)) child.kill('SIGKILL');
  });
  return new Promise<{ code: number | null; killed: boolean; out: string; err: string }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, killed: signal === 'SIGKILL', out, err })),
  );
}

test('a deployment that is killed in each of its steps goes on at once on the same machine; so does its undo', {
  timeout: 300_000,
}, async () => {
  const wanted = ['deploy', 'data-prod', '--mode', 'ecs', '--pipeline', pipeline, '--yes'];
  const first = await program(wanted, /running role-policy/);
  expect(first.killed, first.err).toBe(true);
  for (const step of ['task-definition', 'dag', 'airflow']) {
    const killed = await program(['resume', 'data-prod'], new RegExp(`running ${step}`));
    expect(killed.killed, killed.err).toBe(true);
  }
  const resumed = await program(['resume', 'data-prod', '-o', 'json']);
  expect(resumed.code, resumed.err).toBe(0);
  expect(JSON.parse(resumed.out)).toMatchObject({ state: 'done' });
  // Nobody waited for a lock: its holder was seen to be gone.
  expect(resumed.err).not.toContain('runs out in');
  expect((await program([...wanted.with(0, 'plan').slice(0, -1), '--detailed-exitcode'])).code).toBe(0);

  const undoing = await program(['undo', 'data-prod', '--yes'], /undoing task-definition/);
  expect(undoing.killed, undoing.err).toBe(true);
  const undone = await program(['resume', 'data-prod', '-o', 'json']);
  expect(JSON.parse(undone.out), undone.err).toMatchObject({ state: 'undone' });
  expect((await program([...wanted.with(0, 'plan').slice(0, -1), '--detailed-exitcode'])).code).toBe(10);
});
