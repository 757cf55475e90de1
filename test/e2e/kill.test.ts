import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { CANARY } from '../support/pipelines.ts';
import { type KilledRuns, killedRuns } from './killed-runs.ts';

let runs: KilledRuns;
beforeAll(async () => {
  runs = await killedRuns(inject('program'));
});
afterAll(() => runs?.close());

test('a deployment that is killed in each of its steps goes on at once on the same machine; so does its undo', {
  timeout: 300_000,
}, async () => {
  const wanted = ['deploy', 'data-prod', '--mode', 'ecs', '--pipeline', runs.pipeline, '--yes'];
  const first = await runs.run(wanted, /running role-policy/);
  expect(first.killed, first.err).toBe(true);
  for (const step of ['task-definition', 'dag', 'airflow']) {
    const killed = await runs.run(['resume', 'data-prod'], new RegExp(`running ${step}`));
    expect(killed.killed, killed.err).toBe(true);
  }
  const resumed = await runs.run(['resume', 'data-prod', '-o', 'json']);
  expect(resumed.code, resumed.err).toBe(0);
  expect(JSON.parse(resumed.out)).toMatchObject({ state: 'done' });
  // Nobody waited for a lock: its holder was seen to be gone.
  expect(resumed.err).not.toContain('runs out in');
  expect((await runs.run([...wanted.with(0, 'plan').slice(0, -1), '--detailed-exitcode'])).code).toBe(0);

  const undoing = await runs.run(['undo', 'data-prod', '--yes'], /undoing task-definition/);
  expect(undoing.killed, undoing.err).toBe(true);
  const undone = await runs.run(['resume', 'data-prod', '-o', 'json']);
  expect(JSON.parse(undone.out), undone.err).toMatchObject({ state: 'undone' });
  expect((await runs.run([...wanted.with(0, 'plan').slice(0, -1), '--detailed-exitcode'])).code).toBe(10);
});

test('none of it has left a secret in what it printed, in its arguments, in its debug file or in any other file', () => {
  const everything = runs.everything();
  const said = (text: string) => everything.some((each) => each.includes(text));
  expect(said('"operation":"CreateSecret"')).toBe(true);
  if (process.platform === 'linux') expect(said('deploy\0data-prod\0')).toBe(true);
  expect(everything.filter((text) => text.includes(CANARY))).toEqual([]);
});
