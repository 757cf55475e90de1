import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type DemoRegion, demoRegion } from '../support/demo-region.ts';
import { CANARY, redshiftPipeline } from '../support/pipelines.ts';

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

/** What every run has printed, and the arguments of all processes that came of it. */
const told: string[] = [];

/** The arguments of a process and of its children, as anybody on the machine can read them. */
function argumentsOf(pid: number): string[] {
  const read = (file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  const children = read(`task/${pid}/children`).split(' ').filter(Boolean);
  return [read('cmdline'), ...children.flatMap((child) => argumentsOf(Number(child)))];
}

/** Runs the program; with `until`, kills it by SIGKILL as soon as it says that. */
function program(argv: readonly string[], until?: RegExp) {
  const child = spawn(process.execPath, [inject('program'), ...argv, '--debug', join(folder, 'debug.log')], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...region.env, AWS_SECRET_ACCESS_KEY: `${CANARY}-key` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    if (child.pid !== undefined) told.push(...argumentsOf(child.pid));
    if (until?.test(err)) child.kill('SIGKILL');
  });
  return new Promise<{ code: number | null; killed: boolean; out: string; err: string }>((resolve) =>
    child.on('close', (code, signal) => {
      told.push(out, err);
      resolve({ code, killed: signal === 'SIGKILL', out, err });
    }),
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

test('none of it has left a secret in what it printed, in its arguments, in its debug file or in any other file', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => path !== pipeline && statSync(path).isFile());
  const everything = [...told, ...files.map((path) => readFileSync(path, 'utf8'))];
  const said = (text: string) => everything.some((each) => each.includes(text));
  expect(said('"operation":"CreateSecret"')).toBe(true);
  if (process.platform === 'linux') expect(said('deploy\0data-prod\0')).toBe(true);
  expect(everything.filter((text) => text.includes(CANARY))).toEqual([]);
});
