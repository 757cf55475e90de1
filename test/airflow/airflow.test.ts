import { describe, expect, it } from 'vitest';
import { openAirflow } from '../../src/airflow/airflow.ts';
import { restVersion } from '../../src/airflow/versions.ts';
import { Failure } from '../../src/text/failure.ts';
import { fakeAirflow, restException } from './fake-airflow.ts';

const { signal } = new AbortController();
const v1 = { name: 'data-prod', airflowVersion: '2.10.3' };
const v2 = { name: 'analytics', airflowVersion: '3.2.1' };

describe('the REST version', () => {
  it.each([
    ['1.10.12', undefined],
    ['2.2.2', undefined],
    ['2.4.2', undefined],
    ['2.4.3', 'v1'],
    ['2.11.2', 'v1'],
    ['3.3.1', 'v2'],
    ['4.0.0', 'v2'],
    ['', 'v1'],
    ['edge', 'v1'],
  ])('of Airflow %s is %s', (version, expected) => {
    expect(restVersion(version)).toBe(expected);
  });

  it('keeps an Airflow that is too old from being asked', async () => {
    const { session, calls } = fakeAirflow(() => ({}));
    const airflow = openAirflow(session, { name: 'old', airflowVersion: '2.2.2' });
    await expect(airflow.dags(signal)).rejects.toMatchObject({ kind: 'refused', resource: 'old' });
    expect(calls).toEqual([]);
  });
});

describe('DAGs', () => {
  it('are read in pages of a hundred', async () => {
    const all = Array.from({ length: 230 }, (_, index) => ({ dag_id: `dag_${index}` }));
    const { session, calls } = fakeAirflow(({ QueryParameters }) => {
      const at = Number(QueryParameters?.offset);
      return { dags: all.slice(at, at + Number(QueryParameters?.limit)), total_entries: all.length };
    });
    expect(await openAirflow(session, v1).dags(signal)).toHaveLength(230);
    expect(calls.map(({ QueryParameters }) => QueryParameters?.offset)).toEqual(['0', '100', '200']);
  });

  it('read the same from v1 and v2', async () => {
    const one = fakeAirflow(() => ({
      dags: [
        {
          dag_id: 'orders',
          is_active: true,
          is_paused: false,
          has_import_errors: false,
          schedule_interval: { __type: 'CronExpression', value: '0 4 * * *' },
          fileloc: '/usr/local/airflow/dags/orders.py',
          last_parsed_time: '2026-11-22T11:59:00.123456+00:00',
          owners: ['data'],
          tags: [{ name: 'openmetadata' }],
        },
      ],
      total_entries: 1,
    }));
    const two = fakeAirflow(() =>
      JSON.stringify({
        dags: [
          {
            dag_id: 'orders',
            is_stale: false,
            is_paused: false,
            has_import_errors: false,
            timetable_summary: '0 4 * * *',
            fileloc: '/usr/local/airflow/dags/orders.py',
            last_parsed_time: '2026-11-22T11:59:00.123456Z',
            owners: ['data'],
            tags: [{ name: 'openmetadata', dag_id: 'orders' }],
          },
        ],
        total_entries: 1,
      }),
    );
    const [first] = await openAirflow(one.session, v1).dags(signal);
    const [second] = await openAirflow(two.session, v2).dags(signal);
    expect(first).toEqual(second);
    expect(first).toMatchObject({
      active: true,
      schedule: '0 4 * * *',
      lastParsed: Date.UTC(2026, 10, 22, 11, 59, 0, 123),
      tags: ['openmetadata'],
    });
  });

  it('have a schedule in words, or none', async () => {
    const intervals = [
      null,
      { __type: 'TimeDelta', days: 1, seconds: 1800, microseconds: 0 },
      '@daily',
      'None',
      { value: '@once' },
    ];
    const { session } = fakeAirflow(() => ({ dags: intervals.map((schedule_interval) => ({ schedule_interval })) }));
    const dags = await openAirflow(session, v1).dags(signal);
    expect(dags.map(({ schedule }) => schedule)).toEqual([
      undefined,
      'every 1 days 1800 seconds',
      '@daily',
      undefined,
      '@once',
    ]);
  });

  it('are found by exact id among those that are like it', async () => {
    const { session, calls } = fakeAirflow(() => ({
      dags: [{ dag_id: 'orders_v2' }, { dag_id: 'orders' }, { dag_id: 'gone', is_active: false }],
      total_entries: 3,
    }));
    const airflow = openAirflow(session, v1);
    expect(await airflow.dag('orders', signal)).toMatchObject({ dagId: 'orders' });
    expect(await airflow.dag('order', signal)).toBeUndefined();
    expect(await airflow.dag('gone', signal)).toBeUndefined();
    expect(calls[0]).toMatchObject({ Method: 'GET', Path: '/dags', QueryParameters: { dag_id_pattern: 'orders' } });
    expect(calls[0]).not.toHaveProperty('Body');
  });

  it('are paused by one member', async () => {
    const { session, calls } = fakeAirflow(() => ({}));
    await openAirflow(session, v1).setPaused('orders', false, signal);
    expect(calls).toMatchObject([
      {
        Method: 'PATCH',
        Path: '/dags/orders',
        QueryParameters: { update_mask: 'is_paused' },
        Body: { is_paused: false },
      },
    ]);
  });

  it('are deleted with an empty body, and told whether they were known', async () => {
    let known = true;
    const { session, calls } = fakeAirflow(() => {
      if (!known) throw restException(404, { detail: 'no' });
      known = false;
      return '';
    });
    const airflow = openAirflow(session, v1);
    expect([await airflow.deleteDag('orders', signal), await airflow.deleteDag('orders', signal)]).toEqual([
      true,
      false,
    ]);
    expect(calls[0]).toMatchObject({ Method: 'DELETE', Path: '/dags/orders', Body: {} });
  });
});

describe('runs', () => {
  const run = (dag_run_id: string, more: object = {}) => ({
    dag_id: 'orders',
    dag_run_id,
    state: 'success',
    run_type: 'manual',
    ...more,
  });

  it('are asked newest first, by path or, for long ids, by list', async () => {
    const { session, calls } = fakeAirflow(() => ({
      dag_runs: [run('a', { execution_date: '2026-11-22T04:00:00Z' })],
      total_entries: 1,
    }));
    const airflow = openAirflow(session, v1);
    const [found] = await airflow.dagRuns('orders', { limit: 5 }, signal);
    expect(found).toMatchObject({ runId: 'a', logicalDate: Date.UTC(2026, 10, 22, 4) });
    const fitting = 'x'.repeat(50);
    const long = 'x'.repeat(51);
    await airflow.dagRuns(fitting, { limit: 5 }, signal);
    await airflow.dagRuns(long, { limit: 5 }, signal);
    expect(calls).toMatchObject([
      {
        Method: 'GET',
        Path: '/dags/orders/dagRuns',
        QueryParameters: { order_by: '-start_date', limit: '5', offset: '0' },
      },
      { Method: 'GET', Path: `/dags/${fitting}/dagRuns` },
      { Method: 'POST', Path: '/dags/~/dagRuns/list', Body: { dag_ids: [long], page_limit: 5 } },
    ]);
    expect(Math.max(...calls.map(({ Path }) => Path.length))).toBe(64);
  });

  it('are found by id, however deep', async () => {
    const all = Array.from({ length: 250 }, (_, index) => run(`run-${index}`));
    const { session, calls } = fakeAirflow(({ QueryParameters }) => {
      const at = Number(QueryParameters?.offset);
      return { dag_runs: all.slice(at, at + 100), total_entries: all.length };
    });
    const airflow = openAirflow(session, v2);
    expect(await airflow.dagRun('orders', 'run-249', signal)).toMatchObject({ runId: 'run-249' });
    expect(await airflow.dagRun('orders', 'run-250', signal)).toBeUndefined();
    expect(calls).toHaveLength(6);
  });

  it('are triggered as each version wants it', async () => {
    const { session, calls } = fakeAirflow(({ Body }) => run(String(Body?.dag_run_id), { state: 'queued' }));
    expect(await openAirflow(session, v1).trigger('orders', { runId: 'r1', conf: { a: 1 } }, signal)).toMatchObject({
      runId: 'r1',
      state: 'queued',
    });
    await openAirflow(session, v2).trigger('orders', { runId: 'r2' }, signal);
    expect(calls.map(({ Body }) => Body)).toEqual([
      { dag_run_id: 'r1', conf: { a: 1 } },
      { dag_run_id: 'r2', logical_date: '2026-11-22T11:58:00.000Z', conf: {} },
    ]);
  });

  it.each([409, 400])('triggered twice (%d) are the run that is there', async (status) => {
    const { session } = fakeAirflow(({ Method }) => {
      if (Method === 'POST') throw restException(status, status === 409 ? { detail: 'already exists' } : '');
      return { dag_runs: [run('r1', { state: 'running' })], total_entries: 1 };
    });
    const airflow = openAirflow(session, v1);
    expect(await airflow.trigger('orders', { runId: 'r1' }, signal)).toMatchObject({ state: 'running' });
    await expect(airflow.trigger('orders', { runId: 'other' }, signal)).rejects.toBeInstanceOf(Failure);
  });

  it('have tasks, whatever the length of their ids', async () => {
    const runId = 'scheduled__2026-11-01T00:00:00+00:00';
    const { session, calls } = fakeAirflow(() => ({
      task_instances: [
        {
          dag_id: 'orders',
          dag_run_id: runId,
          task_id: 'ingest',
          state: null,
          try_number: 1,
          map_index: -1,
          start_date: null,
        },
        { dag_id: 'orders', dag_run_id: 'another', task_id: 'ingest', state: 'success' },
      ],
      total_entries: 2,
    }));
    const tasks = await openAirflow(session, v1).taskInstances('orders', runId, signal);
    expect(tasks).toEqual([
      {
        dagId: 'orders',
        runId,
        taskId: 'ingest',
        mapIndex: -1,
        state: undefined,
        tryNumber: 1,
        startedAt: undefined,
        endedAt: undefined,
        operator: undefined,
      },
    ]);
    expect(calls).toMatchObject([
      {
        Method: 'POST',
        Path: '/dags/~/dagRuns/~/taskInstances/list',
        Body: { dag_ids: ['orders'], dag_run_ids: [runId] },
      },
    ]);
  });
});

describe('health and import errors', () => {
  it('are asked where each version keeps them', async () => {
    const health = {
      metadatabase: { status: 'healthy' },
      scheduler: { status: 'unhealthy', latest_scheduler_heartbeat: '2026-11-22T11:00:00+00:00' },
    };
    const one = fakeAirflow(() => health);
    const two = fakeAirflow(({ Path }) => {
      if (Path === '/monitor/health') throw restException(404, { detail: 'Not Found' });
      return health;
    });
    expect(await openAirflow(one.session, v1).health(signal)).toMatchObject({
      metadatabase: 'healthy',
      scheduler: 'unhealthy',
      triggerer: undefined,
    });
    expect(await openAirflow(two.session, v2).health(signal)).toMatchObject({
      schedulerHeartbeat: Date.UTC(2026, 10, 22, 11),
    });
    expect([one.calls, two.calls].map((calls) => calls.map(({ Path }) => Path))).toEqual([
      ['/health'],
      ['/monitor/health', '/health'],
    ]);
  });

  it('have file, time and trace', async () => {
    const { session } = fakeAirflow(() => ({
      import_errors: [{ filename: '/dags/a.py', stack_trace: 'Boom', timestamp: '2026-11-22T11:00:00' }],
      total_entries: 1,
    }));
    expect(await openAirflow(session, v1).importErrors(signal)).toEqual([
      { file: '/dags/a.py', stackTrace: 'Boom', at: Date.UTC(2026, 10, 22, 11) },
    ]);
  });
});
