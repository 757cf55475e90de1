import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { followRun } from '../../src/tasks/follow-run.ts';
import { memoryRecords } from '../../src/tasks/records/memory.ts';
import { resolveRun } from '../../src/tasks/resolve.ts';
import { runTask } from '../../src/tasks/run.ts';
import { stopTask } from '../../src/tasks/stop.ts';
import type { RunEvent, RunRequest, RunResult } from '../../src/tasks/types.ts';
import { regionForAll } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';

const GROUP = '/ecs/openmetadata-ingestion';
const CLUSTER = 'openmetadata-ingestion';
const PUBLIC_SUBNET = 'subnet-0a1b2c3d4e5f60021';
const never = new AbortController().signal;

let region: VirtualRegion;
let session: Session;

interface Followed {
  readonly taskArn: string;
  readonly result: RunResult;
  readonly ids: readonly string[];
  readonly messages: readonly string[];
  readonly notes: readonly string[];
  /** What ECS was made to start. */
  readonly started?: readonly string[];
}

/** A definition of the world with something changed, registered under a family of its own. */
async function definitionWith(
  family: string,
  change: (definition: Record<string, unknown>) => object,
): Promise<string> {
  const { taskDefinition } = await session.ecs.describeTaskDefinition(
    { taskDefinition: 'data-prod-postgres_usage' },
    {},
  );
  const { executionRoleArn, taskRoleArn, containerDefinitions, cpu, memory, networkMode } = taskDefinition ?? {};
  const base = {
    family,
    executionRoleArn,
    taskRoleArn,
    containerDefinitions,
    cpu,
    memory,
    networkMode,
    requiresCompatibilities: ['FARGATE'],
  };
  const answer = await session.ecs.registerTaskDefinition({ ...base, ...change(base) } as never, {});
  return answer.taskDefinition?.taskDefinitionArn ?? '';
}

function container(definition: Record<string, unknown>, change: object): object {
  const [first] = definition.containerDefinitions as object[];
  return { containerDefinitions: [{ ...first, ...change }] };
}

async function follow(taskArn: string, meanwhile: (event: RunEvent) => void = () => {}): Promise<Followed> {
  const events: RunEvent[] = [];
  const following = followRun(session, memoryRecords(), { cluster: CLUSTER, taskArn }, never);
  for (;;) {
    const next = await following.next();
    if (next.done !== true) {
      events.push(next.value);
      meanwhile(next.value);
      continue;
    }
    const lines = events.flatMap((event) => (event.type === 'lines' ? event.events : []));
    const notes = events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
    return {
      taskArn,
      result: next.value,
      ids: lines.map((line) => line.eventId),
      messages: lines.map((line) => line.message).sort(),
      notes,
    };
  }
}

async function run(request: Partial<RunRequest>, meanwhile?: (event: RunEvent) => void): Promise<Followed> {
  const base = await resolveRun(session, 'data-prod', 'postgres_usage', never);
  const startedBy = `mwaa-console/test-${++runs}`;
  const { taskArn } = await runTask(session, { ...base, ...request, startedBy }, never);
  const followed = await follow(taskArn, meanwhile);
  const arns = await Promise.all([listed(startedBy, 'RUNNING'), listed(startedBy, 'STOPPED')]);
  return { ...followed, started: arns.flat() };
}

/** The tasks that ECS has of a run, whatever became of them. */
async function listed(startedBy: string, desiredStatus: 'RUNNING' | 'STOPPED'): Promise<string[]> {
  const { taskArns = [] } = await session.ecs.listTasks({ cluster: CLUSTER, startedBy, desiredStatus }, {});
  return taskArns;
}

let runs = 0;

/** Everything that a task wrote, from the region's own memory. */
function written(taskArn: string): string[] {
  const stream = [...(region.running.region.logs.group(GROUP)?.written.values() ?? [])].find(({ name }) =>
    name.endsWith(taskArn.split('/').at(-1) ?? ''),
  );
  return (stream?.between(0, Number.POSITIVE_INFINITY) ?? []).map((event) => event.message).sort();
}

async function fault(plan: object): Promise<void> {
  await fetch(`${region.url}/_demo/faults`, { method: 'POST', body: JSON.stringify(plan) });
}

/** All endings at once: each is a task of its own. */
async function endings() {
  const well = run({});
  const failing = (async () => run(await resolveRun(session, 'data-prod', 'kafka_metadata', never)))();
  const oom = (async () =>
    run({ taskDefinition: await definitionWith('oom', () => ({ cpu: '256', memory: '512' })) }))();
  const image = (async () =>
    run({
      taskDefinition: await definitionWith('image', (definition) =>
        container(definition, { image: 'docker.io/openmetadata/ingestion-base:9.9.9' }),
      ),
    }))();
  const noRoute = run({ subnets: [PUBLIC_SUBNET] });
  const secret = (async () => {
    return run({
      taskDefinition: await definitionWith('secret', (definition) =>
        container(definition, {
          secrets: [
            {
              name: 'config',
              valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:platform/api/database-AAAAAA',
            },
          ],
        }),
      ),
    });
  })();
  const group = (async () =>
    run({
      taskDefinition: await definitionWith('group', (definition) =>
        container(definition, {
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'awslogs-group': '/ecs/nowhere', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
          },
        }),
      ),
    }))();
  const short = (async () =>
    run({
      pipelineType: undefined,
      pipelineRunId: undefined,
      taskDefinition: await definitionWith('short', (definition) =>
        container(definition, {
          image: 'public.ecr.aws/docker/library/busybox:1.36',
          command: ['sh', '-c', 'echo over; exit 7'],
          secrets: [],
        }),
      ),
    }))();
  const spot = (async () =>
    run({
      capacityProvider: 'FARGATE_SPOT',
      taskDefinition: await definitionWith('spot', () => ({ tags: [{ key: 'demo:spot', value: 'interrupted' }] })),
    }))();
  let stopping: Promise<void> | undefined;
  const stopped = run({}, (event) => {
    if (event.type === 'phase' && event.task.lastStatus === 'RUNNING') {
      stopping ??= stopTask(session, { cluster: CLUSTER, taskArn: event.task.arn, reason: 'enough for today' }, never);
    }
  });
  const [wells, failings, ooms, images, noRoutes, secrets, groups, shorts, spots, stops] = await Promise.all([
    well,
    failing,
    oom,
    image,
    noRoute,
    secret,
    group,
    short,
    spot,
    stopped,
  ]);
  await stopping;
  return {
    well: wells,
    failing: failings,
    oom: ooms,
    image: images,
    noRoute: noRoutes,
    secret: secrets,
    group: groups,
    short: shorts,
    spot: spots,
    stopped: stops,
  };
}

let seen: Awaited<ReturnType<typeof endings>>;

regionForAll(async (given) => {
  ({ region, session } = given);
  seen = await endings();
});

describe('a run in the region', () => {
  test('that ends well has every line it wrote, once, its phases and its summary', () => {
    const { result, messages, ids, taskArn } = seen.well;
    expect(result).toMatchObject({ ok: true, exitCode: 0, advice: '', logEvents: messages.length });
    expect(messages).toEqual(written(taskArn));
    expect(new Set(ids).size).toBe(ids.length);
    expect(result.phases.map((phase) => phase.name)).toEqual([
      'provisioning',
      'pending',
      'activating',
      'running',
      'stopping',
    ]);
    expect(result.phases.every((phase) => phase.endedAt !== undefined)).toBe(true);
    expect(result.phases[1]?.pull).toBeGreaterThan(0);
    expect(result.summary?.success).toBeGreaterThan(0);
  });

  test('whose source refuses has exit code 1, its lines and where to look', () => {
    const { result, messages, taskArn } = seen.failing;
    expect(result).toMatchObject({
      ok: false,
      exitCode: 1,
      stopCode: 'EssentialContainerExited',
      reason: expect.stringMatching(/^The ingestion itself failed: .*exit code 1/),
      advice: expect.stringContaining('A host was not reached'),
    });
    expect(messages).toEqual(written(taskArn));
    expect(messages.length).toBeGreaterThan(5);
  });

  test('that needs more memory has 137 and is told to get more', () => {
    expect(seen.oom.result).toMatchObject({
      ok: false,
      exitCode: 137,
      reason: expect.stringContaining('OutOfMemory'),
      advice: expect.stringContaining('memory'),
    });
    expect(seen.oom.messages).toEqual(written(seen.oom.taskArn));
  });

  test.each([
    ['image', 'TaskFailedToStart', 'tag'],
    ['noRoute', 'TaskFailedToStart', 'NAT gateway'],
    ['secret', 'TaskFailedToStart', 'secret'],
    ['group', 'TaskFailedToStart', 'log group'],
  ] as const)('that cannot start (%s) has no exit code, and what to check first', (ending, stopCode, advice) => {
    const { result, messages } = seen[ending];
    expect(result).toMatchObject({
      ok: false,
      exitCode: null,
      stopCode,
      advice: expect.stringContaining(advice),
      logEvents: 0,
    });
    expect(messages).toEqual([]);
    expect(result.reason.length).toBeGreaterThan(60);
  });

  test('too short to be seen running has its line and its exit code', () => {
    expect(seen.short.result).toMatchObject({ ok: false, exitCode: 7, logEvents: 1 });
    expect(seen.short.messages).toEqual(['over']);
    expect(seen.short.result.phases.map((phase) => phase.name)).toContain('running');
  });

  test('stopped by a user says by whom and why', () => {
    const { result, messages, taskArn } = seen.stopped;
    expect(result).toMatchObject({
      ok: false,
      stopCode: 'UserInitiated',
      reason: expect.stringContaining('enough for today'),
    });
    expect(messages).toEqual(written(taskArn));
  });

  test('whose Spot capacity is taken back says so, with the lines it wrote until then', () => {
    const { result, messages, taskArn } = seen.spot;
    expect(result).toMatchObject({
      ok: false,
      stopCode: 'SpotInterruption',
      reason: expect.stringContaining('Your Spot Task was interrupted'),
      advice: expect.stringMatching(/on-demand|FARGATE/),
    });
    expect(messages).toEqual(written(taskArn));
    expect(messages.length).toBeGreaterThan(0);
  });

  test('that ECS has no capacity for is in failures[], with what to try, and no task', async () => {
    const taskDefinition = await definitionWith('no-room', () => ({
      tags: [{ key: 'demo:capacity', value: 'unavailable' }],
    }));
    await expect(run({ taskDefinition })).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/capacity.*Capacity is unavailable at this time/),
      advice: expect.stringContaining('zone'),
    });
    expect(await listed(`mwaa-console/test-${runs}`, 'RUNNING')).toEqual([]);
  });

  test('starts one task, however it ends', () => {
    for (const [ending, { started, taskArn }] of Object.entries(seen))
      expect([ending, started]).toEqual([ending, [taskArn]]);
  });

  test('has phases without a gap, whose times add up to the life of the task', () => {
    for (const { result } of Object.values(seen)) {
      const [first, ...rest] = result.phases;
      expect(first?.name).toBe('provisioning');
      let end = first?.endedAt;
      for (const phase of rest) {
        expect(phase.startedAt).toBe(end);
        expect(phase.duration).toBe((phase.endedAt ?? Number.NaN) - phase.startedAt);
        end = phase.endedAt;
      }
    }
  });

  test('whose RunTask answer is lost starts one task only', async () => {
    await fault({ service: 'ecs', operation: 'RunTask', times: 2, fault: 'cut' });
    const base = await resolveRun(session, 'data-prod', 'postgres_usage', never);
    const startedBy = 'mwaa-console/lost-answer';
    const { taskArn } = await runTask(session, { ...base, startedBy }, never);
    await session.clock.sleep(10_000);
    expect(await listed(startedBy, 'RUNNING')).toEqual([taskArn]);
  });

  test('of an ingestion that is not there, or runs inside Airflow, is refused with what there is', async () => {
    await expect(resolveRun(session, 'data-prod', 'nothing', never)).rejects.toMatchObject({
      kind: 'not-found',
      advice: expect.stringContaining('postgres_usage'),
    });
    await expect(resolveRun(session, 'legacy', 'mysql_metadata', never)).rejects.toMatchObject({ kind: 'refused' });
  });
});
