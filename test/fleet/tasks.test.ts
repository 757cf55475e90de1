import { describe, expect, it } from 'vitest';
import { taskAttention, taskColumns, taskFailed } from '../../src/fleet/task-columns.ts';
import { isIngestionImage, isIngestionTask, readTasks, taskFrom, taskJson, tasks } from '../../src/fleet/tasks.ts';
import { Failure } from '../../src/text/failure.ts';
import { every, fakeSession, NOON, quiet } from './fake-session.ts';

const arn = (index: number) => `arn:aws:ecs:eu-west-1:123456789012:task/batch/${String(index).padStart(32, '0')}`;

/** A cluster of so many running and stopped tasks, listed 100 a page. */
function cluster(running: number, stopped: number) {
  return fakeSession({
    ecs: {
      listTasks: ({ desiredStatus, nextToken }) => {
        const [from, to] = desiredStatus === 'STOPPED' ? [10_000, 10_000 + stopped] : [0, running];
        const at = nextToken === undefined ? from : Number(nextToken);
        const end = Math.min(at + 100, to);
        return {
          taskArns: Array.from({ length: end - at }, (_, index) => arn(at + index)),
          ...(end < to && { nextToken: String(end) }),
        };
      },
      describeTasks: ({ tasks: arns }) => ({
        tasks: (arns as string[]).map((taskArn) => ({
          taskArn,
          lastStatus: taskArn.includes('/batch/0000000000000000000000000001') ? 'STOPPED' : 'RUNNING',
        })),
      }),
    },
  });
}

describe('reading tasks', () => {
  it('asks for stopped ones separately and describes a hundred a call', async () => {
    const { session, calls } = cluster(250, 3);
    expect(await readTasks(session, { cluster: 'batch' }, quiet())).toHaveLength(253);
    const of = (operation: string) => calls.filter((call) => call.operation === operation);
    expect(
      of('ecs.listTasks')
        .map(({ input }) => input.desiredStatus)
        .sort(),
    ).toEqual(['RUNNING', 'RUNNING', 'RUNNING', 'STOPPED']);
    expect(of('ecs.describeTasks').map(({ input }) => (input.tasks as string[]).length)).toEqual([100, 100, 53]);
  });

  it('describes nothing where there is nothing', async () => {
    const { session, calls } = cluster(0, 0);
    expect(await readTasks(session, { cluster: 'batch' }, quiet())).toEqual([]);
    expect(calls.every(({ operation }) => operation === 'ecs.listTasks')).toBe(true);
  });

  it('shows running ones first, then all', async () => {
    const { session } = cluster(2, 1);
    const snapshots = await every(tasks.list(session, { cluster: 'batch' }, quiet()));
    expect(snapshots.map((rows) => rows.length)).toEqual([2, 3]);
  });

  it('fails when they can not be listed', async () => {
    const { session } = fakeSession({
      ecs: {
        listTasks: () => {
          throw new Failure('not-found', 'Cluster not found.');
        },
      },
    });
    await expect(every(tasks.list(session, { cluster: 'none' }, quiet()))).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('a task', () => {
  const stopped = taskFrom({
    taskArn: arn(1),
    clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/batch',
    taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/data-prod-kafka_metadata:7',
    lastStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    createdAt: new Date(NOON - 600_000),
    startedAt: new Date(NOON - 540_000),
    stoppedAt: new Date(NOON - 120_000),
    containers: [
      { name: 'openmetadata-ingestion', image: 'docker.io/openmetadata/ingestion-base:1.12.8', exitCode: 1 },
    ],
    overrides: {
      containerOverrides: [
        {
          name: 'openmetadata-ingestion',
          environment: [
            { name: 'config', value: 'jwt' },
            { name: 'pipelineType', value: 'metadata' },
          ],
        },
      ],
    },
    tags: [{ key: '__proto__', value: 'x' }],
  });

  it('knows family and revision of its definition', () => {
    expect(stopped).toMatchObject({
      cluster: 'batch',
      family: 'data-prod-kafka_metadata',
      revision: 7,
      id: '0'.repeat(31) + 1,
    });
  });

  it('shows how it ended', () => {
    const cells = Object.fromEntries(taskColumns.map((column) => [column.title, column.cell(stopped, NOON).text]));
    expect(cells).toMatchObject({ STATUS: 'stopped', EXIT: '1', DURATION: '7m00s', CREATED: '10m' });
    expect(taskAttention(stopped, NOON)).toBe(
      'data-prod-kafka_metadata: exit 1 2m ago: Essential container in task exited',
    );
  });

  it('hides what may be a secret in its overrides', () => {
    expect(taskJson(stopped).overrides.containers[0]?.environment).toEqual({
      config: '(hidden)',
      pipelineType: 'metadata',
    });
    expect(JSON.parse(JSON.stringify(taskJson(stopped)))).toMatchObject({
      createdAt: '2026-11-22T11:50:00.000Z',
      connectivityAt: null,
    });
  });

  it('has failed when it never ran, but not when its service was scaled down or somebody stopped it', () => {
    expect(taskFailed(taskFrom({ lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart', containers: [] }))).toBe(true);
    const scaled = {
      lastStatus: 'STOPPED',
      stopCode: 'ServiceSchedulerInitiated' as const,
      containers: [{ exitCode: 143 }],
    };
    expect(
      taskFailed(taskFrom({ ...scaled, stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)' })),
    ).toBe(false);
    expect(taskFailed(taskFrom({ ...scaled, stoppedReason: 'Task failed container health checks' }))).toBe(true);
    expect(taskFailed(taskFrom({ lastStatus: 'RUNNING' }))).toBe(false);
    const ended = taskFrom({ lastStatus: 'STOPPED', stopCode: 'UserInitiated', containers: [{ exitCode: 143 }] });
    expect(taskFailed(ended)).toBe(false);
    expect(taskColumns.find(({ id }) => id === 'exit')?.cell(ended, NOON)).toEqual({ text: '143', tone: 'warn' });
  });

  it('is shown raw where ECS has added something', () => {
    const shown = taskColumns.find(({ id }) => id === 'status')?.cell(taskFrom({ lastStatus: 'THAWING' }), NOON);
    expect(shown).toEqual({ text: 'THAWING', tone: 'plain' });
  });

  it('may tell nothing at all', () => {
    const empty = taskFrom({});
    expect(empty).toMatchObject({ id: '', family: '', containers: [] });
    expect(() => taskColumns.map((column) => [column.cell(empty, NOON), column.sortKey?.(empty)])).not.toThrow();
  });

  it.each([
    ['docker.io/openmetadata/ingestion-base:1.12.8', true],
    ['openmetadata/ingestion', true],
    ['docker.getcollate.io/openmetadata/ingestion-base-slim:1.5.0', true],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/openmetadata-ingestion@sha256:abc', true],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/mirror/openmetadata/ingestion-base:1', true],
    ['localhost:5000/ingestion-base', true],
    ['docker.io/openmetadata/server:1.12.8', false],
    ['nginx:1.27', false],
    ['acme/ingestion:2', false],
  ])('%s is an ingestion image: %s', (image, is) => {
    expect(isIngestionImage(image)).toBe(is);
  });

  it('is an ingestion by its family too', () => {
    expect(isIngestionTask(taskFrom({ taskDefinitionArn: 'x/orders:1' }), new Set(['orders']))).toBe(true);
    expect(isIngestionTask(taskFrom({ taskDefinitionArn: 'x/orders:1' }))).toBe(false);
  });
});
