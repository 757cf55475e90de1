import { describe, expect, it } from 'vitest';
import { dagRuns, dags, taskInstances } from '../../src/fleet/dags.ts';
import { logGroups, readLogGroup } from '../../src/fleet/log-groups.ts';
import { maskSettings } from '../../src/fleet/masking.ts';
import type { Resource } from '../../src/fleet/resource.ts';
import { serviceFrom, services } from '../../src/fleet/services.ts';
import {
  logStream,
  logTarget,
  readTaskDefinition,
  taskDefinitionFrom,
  taskDefinitionJson,
  taskDefinitions,
} from '../../src/fleet/task-definitions.ts';
import { Failure } from '../../src/text/failure.ts';
import { every, fakeSession, last, NOON, quiet } from './fake-session.ts';

function cells<Row>(resource: Resource<Row, never>, row: Row): Record<string, string> {
  return Object.fromEntries(resource.columns.map((column) => [column.title, column.cell(row, NOON).text]));
}

describe('services', () => {
  it('are described ten a call', async () => {
    const arns = Array.from({ length: 23 }, (_, index) => `arn:service/batch/s${index}`);
    const { session, calls } = fakeSession({
      ecs: {
        listServices: () => ({ serviceArns: arns }),
        describeServices: ({ services: asked }) => ({
          services: (asked as string[]).map((serviceArn) => ({ serviceArn, status: 'ACTIVE' })),
        }),
      },
    });
    expect(await last(services.list(session, { cluster: 'batch' }, quiet()))).toHaveLength(23);
    const described = calls.filter(({ operation }) => operation === 'ecs.describeServices');
    expect(described.map(({ input }) => (input.services as string[]).length)).toEqual([10, 10, 3]);
  });

  it('want attention when tasks are missing or a rollout failed', () => {
    const service = serviceFrom({
      serviceName: 'web',
      status: 'ACTIVE',
      desiredCount: 3,
      runningCount: 1,
      pendingCount: 0,
      taskDefinition: 'arn:task-definition/web:4',
      createdAt: new Date(NOON - 3_600_000),
      events: [{ createdAt: new Date(NOON), message: 'unable to place a task' }],
      deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }],
    });
    expect(services.attention?.(service, NOON)).toBe('web: 1 of 3 tasks run: unable to place a task');
    expect(cells(services, service)).toMatchObject({
      ROLLOUT: 'in progress',
      'TASK DEFINITION': 'web:4',
      CREATED: '1h',
    });
    const failed = serviceFrom({
      serviceName: 'web',
      deployments: [{ status: 'PRIMARY', rolloutState: 'FAILED', rolloutStateReason: 'circuit breaker' }],
    });
    expect(services.attention?.(failed, NOON)).toBe('web: its rollout failed: circuit breaker');
    expect(() => cells(services, serviceFrom({}))).not.toThrow();
  });
});

describe('task definitions', () => {
  const definition = taskDefinitionFrom({
    taskDefinitionArn: 'arn:task-definition/orders:3',
    family: 'orders',
    revision: 3,
    containerDefinitions: [
      { name: 'sidecar', essential: false },
      {
        name: 'main',
        image: 'openmetadata/ingestion-base:1.12.8',
        environment: [{ name: 'config', value: 'jwt' }],
        secrets: [{ name: 'config', valueFrom: 'arn:secret' }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/ecs/x', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
        },
      },
      { name: 'other', logConfiguration: { logDriver: 'splunk' } },
    ],
  });

  it('tell where a container logs', () => {
    const target = { group: '/ecs/x', streamPrefix: 'ecs', region: 'eu-west-1', mode: undefined };
    expect(logTarget(definition, 'main')).toEqual(target);
    expect(logTarget(definition)).toEqual(target);
    expect([logTarget(definition, 'other'), logTarget(definition, 'none'), logTarget(taskDefinitionFrom({}))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(logStream('ecs', 'main', 'abc')).toBe('ecs/main/abc');
  });

  it('hide what may be a secret', () => {
    expect(taskDefinitionJson(definition).containers[1]).toMatchObject({
      environment: { config: '(hidden)' },
      secrets: { config: 'arn:secret' },
    });
  });

  it('are not found in words', async () => {
    const { session } = fakeSession({
      ecs: {
        describeTaskDefinition: () => {
          throw new Failure('not-found', 'ECS DescribeTaskDefinition: Unable to describe task definition.');
        },
      },
    });
    await expect(readTaskDefinition(session, 'orders:9', quiet())).rejects.toMatchObject({
      kind: 'not-found',
      resource: 'orders:9',
    });
  });

  it('are listed by family', async () => {
    const { session } = fakeSession({
      ecs: {
        listTaskDefinitionFamilies: ({ nextToken }) =>
          nextToken === undefined ? { families: ['a'], nextToken: 'x' } : { families: ['b'] },
      },
    });
    const snapshots = await every(taskDefinitions.list(session, undefined, quiet()));
    expect(snapshots).toEqual([[{ family: 'a' }], [{ family: 'a' }, { family: 'b' }]]);
  });
});

describe('log groups', () => {
  const { session } = fakeSession({
    logs: {
      describeLogGroups: ({ nextToken }) =>
        nextToken === undefined
          ? {
              logGroups: [
                { logGroupName: '/ecs/x-old', arn: 'arn:log-group:/ecs/x-old:*', logGroupClass: 'INFREQUENT_ACCESS' },
              ],
              nextToken: 'more',
            }
          : {
              logGroups: [
                {
                  logGroupName: '/ecs/x',
                  logGroupArn: 'arn:log-group:/ecs/x',
                  storedBytes: 3_140_000,
                  retentionInDays: 30,
                  creationTime: NOON - 86_400_000,
                },
              ],
            },
    },
  });

  it('are listed page by page', async () => {
    const groups = await last(logGroups.list(session, { prefix: '/ecs' }, quiet()));
    expect(groups.map((group) => cells(logGroups, group))).toEqual([
      { 'LOG GROUP': '/ecs/x-old', RETENTION: 'for ever', STORED: '-', CLASS: 'INFREQUENT_ACCESS', CREATED: '-' },
      { 'LOG GROUP': '/ecs/x', RETENTION: '30 days', STORED: '3.1 MB', CLASS: 'STANDARD', CREATED: '1d' },
    ]);
    expect(groups.map((group) => [group.arn, logGroups.remark?.(group, NOON)?.includes('Insights')])).toEqual([
      ['arn:log-group:/ecs/x-old', true],
      ['arn:log-group:/ecs/x', undefined],
    ]);
  });

  it('are found by their whole name', async () => {
    expect((await readLogGroup(session, '/ecs/x', quiet()))?.retentionInDays).toBe(30);
    expect(await readLogGroup(session, '/ecs', quiet())).toBeUndefined();
  });
});

describe('DAGs of an environment', () => {
  const environment = { name: 'data-prod', airflowVersion: '2.10.3' };

  function airflow(answers: Record<string, unknown>) {
    return fakeSession({
      mwaa: { invokeRestApi: ({ Path }) => ({ RestApiStatusCode: 200, RestApiResponse: answers[String(Path)] }) },
    });
  }

  it('come after the files that could not be parsed', async () => {
    const { session } = airflow({
      '/dags': {
        dags: [
          { dag_id: 'orders', is_paused: true, fileloc: '/dags/orders.py', has_import_errors: true, owners: ['me'] },
        ],
        total_entries: 1,
      },
      '/importErrors': {
        import_errors: [
          {
            filename: '/dags/orders.py',
            stack_trace: 'Traceback\n  File\nModuleNotFoundError: No module named x\n',
            timestamp: new Date(NOON - 60_000).toISOString(),
          },
        ],
        total_entries: 1,
      },
    });
    const rows = await last(dags.list(session, { environment }, quiet()));
    expect(rows.map((row) => [cells(dags, row).DAG, cells(dags, row).STATE, dags.attention?.(row, NOON)])).toEqual([
      ['orders.py', 'import error', 'orders.py: import error: ModuleNotFoundError: No module named x'],
      ['orders', 'import error', 'orders: import error: ModuleNotFoundError: No module named x'],
    ]);
    expect(new Set(rows.map((row) => dags.key(row))).size).toBe(2);
  });

  it('have runs and tasks with raw states', async () => {
    const { session } = airflow({
      '/dags/orders/dagRuns': {
        dag_runs: [
          {
            dag_id: 'orders',
            dag_run_id: 'r',
            state: 'success',
            start_date: new Date(NOON - 100_000).toISOString(),
            end_date: new Date(NOON - 40_000).toISOString(),
          },
        ],
      },
      '/dags/~/dagRuns/~/taskInstances/list': {
        task_instances: [
          { dag_id: 'orders', dag_run_id: 'r', task_id: 't', state: 'awaiting_input', map_index: 2, try_number: 3 },
        ],
      },
    });
    const [run] = await last(dagRuns.list(session, { environment, dagId: 'orders' }, quiet()));
    const [task] = await last(taskInstances.list(session, { environment, dagId: 'orders', runId: 'r' }, quiet()));
    expect(run && cells(dagRuns, run)).toMatchObject({ RUN: 'r', STATE: 'success', STARTED: '1m', DURATION: '1m00s' });
    expect(task && cells(taskInstances, task)).toMatchObject({
      TASK: 't [2]',
      STATE: 'awaiting input',
      TRY: '3',
      STARTED: '-',
    });
  });
});

describe('masking', () => {
  it('hides what its name or its value gives away', () => {
    expect(
      maskSettings({
        'core.parallelism': '32',
        'email.email_backend': 'x.y.send',
        'smtp.smtp_password': 'p',
        'database.sql_alchemy_conn': 'x',
        DATABASE_URL: 'postgres://user:pw@host/db',
        AWS_SECRET_ACCESS_KEY: 'k',
        empty_password: '',
        pipelineType: 'metadata',
        endpoint: 'https://example.com/api',
      }),
    ).toEqual({
      'core.parallelism': '32',
      'email.email_backend': 'x.y.send',
      'smtp.smtp_password': '(hidden)',
      'database.sql_alchemy_conn': '(hidden)',
      DATABASE_URL: '(hidden)',
      AWS_SECRET_ACCESS_KEY: '(hidden)',
      empty_password: '',
      pipelineType: 'metadata',
      endpoint: 'https://example.com/api',
    });
  });
});
