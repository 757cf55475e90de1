import { describe, expect, it } from 'vitest';
import { clusterColumns } from '../../src/fleet/cluster-columns.ts';
import { clusterFrom, clusterJson, clusters, readClusters } from '../../src/fleet/clusters.ts';
import { readDashboard } from '../../src/fleet/dashboard.ts';
import { readEnvironments } from '../../src/fleet/environments.ts';
import { Failure } from '../../src/text/failure.ts';
import { every, type FakeServices, fakeSession, last, NOON, quiet } from './fake-session.ts';

const arnOf = (name: string) => `arn:aws:ecs:eu-west-1:123456789012:cluster/${name}`;
const image = 'docker.io/openmetadata/ingestion-base:1.12.8';

function ecs(names: readonly string[], more: FakeServices['ecs'] = {}): NonNullable<FakeServices['ecs']> {
  return {
    listClusters: ({ nextToken }) => {
      const from = Number(nextToken ?? 0);
      const end = Math.min(from + 100, names.length);
      return { clusterArns: names.slice(from, end).map(arnOf), ...(end < names.length && { nextToken: String(end) }) };
    },
    describeClusters: ({ clusters: arns }) => ({
      clusters: (arns as string[]).map((clusterArn) => ({
        clusterArn,
        clusterName: clusterArn.slice(clusterArn.indexOf('/') + 1),
        status: 'ACTIVE',
        runningTasksCount: 2,
        pendingTasksCount: 0,
        activeServicesCount: 1,
        capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      })),
    }),
    listTasks: () => ({ taskArns: ['arn:task/1', 'arn:task/2'] }),
    describeTasks: () => ({ tasks: [{ taskArn: 'arn:task/1', containers: [{ image }] }, { taskArn: 'arn:task/2' }] }),
    ...more,
  };
}

const mwaa: FakeServices['mwaa'] = {
  listEnvironments: () => ({ Environments: ['data-prod', 'secret'] }),
  getEnvironment: ({ Name }) => {
    if (Name === 'secret')
      throw new Failure('denied', 'Not allowed.', { advice: 'Ask.', action: 'airflow:GetEnvironment' });
    return { Environment: { Name: 'data-prod', Status: 'AVAILABLE' } };
  },
};
const s3 = { listObjectsV2: () => ({}) };
const broken = (kind: ConstructorParameters<typeof Failure>[0]) => () => {
  throw new Failure(kind, `it is ${kind}`, { advice: 'Look.' });
};

describe('clusters', () => {
  it('are described a hundred a call, and their ingestion tasks counted', async () => {
    const { session, calls } = fakeSession({ ecs: ecs(Array.from({ length: 130 }, (_, index) => `c${index}`)) });
    const snapshots = await every(readClusters(session, quiet()));
    expect(snapshots[0]?.[0]).toMatchObject({ name: 'c0', status: '', complete: false });
    expect(snapshots.at(-1)).toHaveLength(130);
    expect(snapshots.at(-1)?.[0]).toMatchObject({ runningTasks: 2, ingestionTasks: 1, complete: true, notes: [] });
    const described = calls.filter(({ operation }) => operation === 'ecs.describeClusters');
    expect(described.map(({ input }) => (input.clusters as string[]).length)).toEqual([100, 30]);
  });

  it("count the tasks of known ingestions, whatever their image's name", async () => {
    const record = {
      schema: 1,
      dagId: 'orders',
      mode: 'ecs',
      dagKey: 'dags/orders.py',
      taskDefinitionArn: 'arn:task-definition/data-prod-orders:3',
    };
    const { session } = fakeSession({
      mwaa: {
        listEnvironments: () => ({ Environments: ['data-prod'] }),
        invokeRestApi: () => ({}),
        getEnvironment: () => ({ Environment: { SourceBucketArn: 'arn:aws:s3:::b' } }),
      },
      s3: {
        listObjectsV2: ({ Prefix }) => ({
          Contents: String(Prefix).endsWith('/ingestions/') ? [{ Key: `${Prefix}orders.json`, ETag: '1' }] : [],
        }),
        getObject: () => ({ ETag: '1', Body: { transformToString: async () => JSON.stringify(record) } }),
        headObject: broken('denied'),
      },
      ecs: ecs(['batch'], {
        describeTasks: () => ({
          tasks: [{ taskDefinitionArn: 'arn:task-definition/data-prod-orders:9', containers: [{ image: 'acme/om' }] }],
        }),
        // Whether it is as it was deployed is asked, too.
        describeTaskDefinition: broken('denied'),
      }),
    });
    const count = async () => (await last(readClusters(session, quiet())))[0]?.ingestionTasks;
    expect(await count()).toBe(0);
    await last(readEnvironments(session, quiet()));
    expect(await count()).toBe(1);
  });

  it('keep their row when their tasks can not be read', async () => {
    const { session } = fakeSession({ ecs: ecs(['batch'], { listTasks: broken('denied') }) });
    const [cluster] = await last(readClusters(session, quiet()));
    expect(cluster).toMatchObject({ status: 'ACTIVE', ingestionTasks: undefined, complete: true });
    expect(clusters.remark?.(cluster ?? clusterFrom({}), NOON)).toBe("Tasks of batch can't be read: it is denied");
    expect(clusterColumns.at(-1)?.cell(cluster ?? clusterFrom({}), NOON)).toEqual({ text: '?', tone: 'warn' });
  });

  it('keep their names when they can not be described', async () => {
    const { session } = fakeSession({ ecs: ecs(['batch'], { describeClusters: broken('service') }) });
    const [cluster] = await last(readClusters(session, quiet()));
    expect(cluster).toMatchObject({ name: 'batch', arn: arnOf('batch'), status: '', complete: true });
    expect(clusters.attention?.(cluster ?? clusterFrom({}), NOON)).toBe('batch: it is service');
  });

  it('show their columns', async () => {
    const { session } = fakeSession({ ecs: ecs(['batch']) });
    const [cluster] = await last(readClusters(session, quiet()));
    const cells = Object.fromEntries(
      clusterColumns.map((column) => [column.title, column.cell(cluster ?? clusterFrom({}), NOON).text]),
    );
    expect(cells).toEqual({
      NAME: 'batch',
      STATUS: 'active',
      RUNNING: '2',
      PENDING: '0',
      SERVICES: '1',
      CAPACITY: 'FARGATE, FARGATE_SPOT',
      'INGESTION TASKS': '1 running',
    });
    const json = clusterJson(cluster ?? clusterFrom({}));
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});

describe('the dashboard', () => {
  it('reads account, environments and clusters, each failing alone', async () => {
    const { session } = fakeSession({ mwaa, s3, ecs: ecs(['batch']) });
    const all = await every(readDashboard(session, quiet()));
    expect(all.slice(0, -1).every(({ complete }) => !complete)).toBe(true);
    expect(all.at(-1)).toMatchObject({
      account: '123456789012',
      region: 'eu-west-1',
      complete: true,
      environmentsListed: true,
      clustersListed: true,
      environments: [
        { name: 'data-prod', environment: { status: 'AVAILABLE' } },
        { name: 'secret', failure: { kind: 'denied' } },
      ],
      clusters: [{ name: 'batch', ingestionTasks: 1 }],
      errors: [
        {
          resource: 'secret',
          message: 'Not allowed.',
          advice: 'Ask.',
          kind: 'denied',
          action: 'airflow:GetEnvironment',
        },
      ],
    });
  });

  it('has one error where a whole service does not answer', async () => {
    const { session } = fakeSession({ mwaa: { listEnvironments: broken('unreachable') }, ecs: ecs(['batch']) });
    const whole = await last(readDashboard(session, quiet()));
    expect(whole.clusters).toHaveLength(1);
    expect(whole.environmentsListed).toBe(false);
    expect(whole.errors).toMatchObject([{ resource: 'environments', kind: 'unreachable', advice: 'Look.' }]);
  });

  it('throws when nobody is signed in', async () => {
    const { session } = fakeSession({
      mwaa: { listEnvironments: broken('expired') },
      ecs: { listClusters: broken('expired') },
    });
    await expect(last(readDashboard(session, quiet()))).rejects.toMatchObject({ kind: 'expired' });
  });

  it('ends when it is aborted', async () => {
    const controller = new AbortController();
    const { session } = fakeSession({
      mwaa: {
        listEnvironments: (_, { signal }) =>
          new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
      },
      ecs: ecs(['batch']),
    });
    const reading = last(readDashboard(session, controller.signal));
    controller.abort(new Error('left'));
    await expect(reading).rejects.toThrow('left');
  });

  it('does not swallow a bug', async () => {
    const { session } = fakeSession({
      mwaa,
      s3,
      ecs: {
        listClusters: () => {
          throw new TypeError('oops');
        },
      },
    });
    await expect(last(readDashboard(session, quiet()))).rejects.toThrow(TypeError);
  });
});
