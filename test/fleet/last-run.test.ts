import { describe, expect, it } from 'vitest';
import { environmentFrom } from '../../src/fleet/environment.ts';
import type { Ingestion } from '../../src/fleet/ingestions.ts';
import { forgetLastRuns, readLastRuns, runOfTask } from '../../src/fleet/last-run.ts';
import { taskFrom } from '../../src/fleet/tasks.ts';
import { Failure } from '../../src/text/failure.ts';
import { HandClock } from '../support/hand-clock.ts';
import { type FakeServices, fakeSession, NOON, quiet } from './fake-session.ts';

const environment = environmentFrom({ AirflowVersion: '2.10.3' }, 'data-prod');
const minutes = (count: number) => new Date(NOON - count * 60_000);

function ingestion(dagId: string, ecs = true): Ingestion {
  return {
    dagId,
    deploymentId: '1',
    ...(ecs && {
      cluster: 'openmetadata',
      container: 'main',
      taskDefinitionArn: `arn:aws:ecs:eu-west-1:1:task-definition/data-prod-${dagId}:3`,
    }),
  } as Ingestion;
}

const dagRun = (dag_id: string, started: number, more: object = {}) => ({
  dag_id,
  dag_run_id: `run-${started}`,
  state: 'success',
  start_date: minutes(started).toISOString(),
  end_date: minutes(started - 1).toISOString(),
  run_type: 'scheduled',
  ...more,
});

/** An environment with these DAG runs, and one stopped task of the family `data-prod-orders`. */
function services(runs: readonly object[] | Failure, task?: object | Failure): FakeServices {
  return {
    mwaa: {
      invokeRestApi: () => {
        if (runs instanceof Failure) throw runs;
        return { RestApiStatusCode: 200, RestApiResponse: { dag_runs: runs, total_entries: runs.length } };
      },
    },
    ecs: {
      listTasks: ({ desiredStatus, family }) => {
        if (task instanceof Failure) throw task;
        return {
          taskArns:
            task !== undefined && family === 'data-prod-orders' && desiredStatus === 'STOPPED' ? ['arn:task/1'] : [],
        };
      },
      describeTasks: () => ({ tasks: [{ taskArn: 'arn:task/1', lastStatus: 'STOPPED', ...(task as object) }] }),
    },
  };
}

describe('last runs', () => {
  it('are the newer of ECS task and DAG run, one REST call for all', async () => {
    const task = {
      startedAt: minutes(30),
      executionStoppedAt: minutes(20),
      containers: [{ name: 'main', exitCode: 1, reason: 'OutOfMemoryError' }],
    };
    const { session, calls } = fakeSession(
      services([dagRun('events', 10), dagRun('orders', 31), dagRun('events', 70)], task),
    );
    const runs = await readLastRuns(session, environment, [ingestion('orders'), ingestion('events', false)], quiet());
    expect(runs.byDag.orders).toMatchObject({
      source: 'ecs',
      state: 'failed',
      reason: 'exit 1, OutOfMemoryError',
      endedAt: NOON - 1_200_000,
    });
    expect(runs.byDag.events).toMatchObject({ source: 'airflow', state: 'success', id: 'run-10' });
    expect(runs.newest).toBe(runs.byDag.events);
    expect(runs.notes).toEqual([]);
    expect(
      calls.filter(({ operation }) => operation === 'mwaa.invokeRestApi').map(({ input }) => [input.Path, input.Body]),
    ).toEqual([
      [
        '/dags/~/dagRuns/list',
        { dag_ids: ['orders', 'events'], order_by: '-start_date', page_limit: 100, page_offset: 0 },
      ],
    ]);
  });

  it('are asked for at most once a minute', async () => {
    const clock = new HandClock(NOON);
    const { session, calls } = fakeSession(services([dagRun('events', 10)]), clock);
    const ask = () => readLastRuns(session, environment, [ingestion('events', false)], quiet());
    await ask();
    clock.move(59_000);
    await ask();
    expect(calls).toHaveLength(1);
    clock.move(2_000);
    await ask();
    expect(calls).toHaveLength(2);
    forgetLastRuns(session, 'data-prod');
    await ask();
    expect(calls).toHaveLength(3);
    await readLastRuns(session, environment, [ingestion('events', false), ingestion('orders', false)], quiet());
    expect(calls).toHaveLength(4);
  });

  it('ask nothing where there is no ingestion', async () => {
    const { session, calls } = fakeSession({});
    expect(await readLastRuns(session, environment, [], quiet())).toEqual({ byDag: {}, newest: undefined, notes: [] });
    expect(calls).toEqual([]);
  });

  it('note what could not be asked and keep the rest', async () => {
    const denied = new Failure('denied', 'Not allowed: airflow:InvokeRestApi.');
    const task = { startedAt: minutes(30), containers: [{ name: 'main', exitCode: 0 }] };
    const one = fakeSession(services(denied, task));
    const runs = await readLastRuns(one.session, environment, [ingestion('orders')], quiet());
    expect(runs.newest).toMatchObject({ source: 'ecs', state: 'success' });
    expect(runs.notes).toEqual(["DAG runs of data-prod can't be read: Not allowed: airflow:InvokeRestApi."]);
    const two = fakeSession(services([], new Failure('denied', 'Not allowed: ecs:ListTasks.')));
    const none = await readLastRuns(two.session, environment, [ingestion('orders'), ingestion('events')], quiet());
    expect(none).toEqual({
      byDag: {},
      newest: undefined,
      notes: ["ECS tasks of data-prod can't be read: Not allowed: ecs:ListTasks."],
    });
  });

  it('say that an old Airflow can not be asked', async () => {
    const { session } = fakeSession({});
    const old = environmentFrom({ AirflowVersion: '2.2.2' }, 'old');
    const { notes } = await readLastRuns(session, old, [ingestion('orders', false)], quiet());
    expect(notes[0]).toContain('Airflow 2.2.2 of old');
  });

  it('count a waiting run by when it was queued', async () => {
    const queued = dagRun('events', 0, {
      start_date: null,
      end_date: null,
      state: 'queued',
      queued_at: minutes(1).toISOString(),
    });
    const { session } = fakeSession(services([dagRun('events', 10), queued]));
    const runs = await readLastRuns(session, environment, [ingestion('events', false)], quiet());
    expect(runs.newest).toMatchObject({ state: 'queued', startedAt: NOON - 60_000 });
  });
});

describe('a task as a run', () => {
  const run = (task: Parameters<typeof taskFrom>[0]) =>
    runOfTask(taskFrom(task), { dagId: 'orders', container: 'main' });

  it('is judged by its own container', () => {
    const containers = [
      { name: 'sidecar', exitCode: 143 },
      { name: 'main', exitCode: 0 },
    ];
    expect(run({ lastStatus: 'STOPPED', containers })).toMatchObject({ state: 'success' });
  });

  it('was stopped rather than failed when somebody ended it', () => {
    const stopped = {
      lastStatus: 'STOPPED',
      stopCode: 'UserInitiated' as const,
      stoppedReason: 'Task stopped by user',
    };
    expect(run({ ...stopped, containers: [{ name: 'main', exitCode: 143 }] })).toMatchObject({
      state: 'stopped',
      reason: 'exit 143, Task stopped by user',
    });
  });

  it('waits, runs, or never started', () => {
    expect(run({ lastStatus: 'PROVISIONING', createdAt: new Date(NOON) })).toMatchObject({
      state: 'queued',
      startedAt: NOON,
    });
    expect(run({ lastStatus: 'RUNNING', startedAt: new Date(NOON) })).toMatchObject({ state: 'running' });
    expect(
      run({
        lastStatus: 'STOPPED',
        containers: [{ name: 'main' }],
        stoppedReason: 'CannotPullContainerError: no route',
      }),
    ).toMatchObject({
      state: 'failed',
      reason: 'CannotPullContainerError: no route',
    });
  });
});
